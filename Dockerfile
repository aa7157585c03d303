# A small image: the program, the browser's files, the C library, and nothing else.
#
#   docker build -t quayside:0.1.0 .
#
# Where the program is compiled already, the final stage alone will do (end2end/pod does it like this):
#   scripts/image-files.sh target/release/quayside target/site FOLDER
#   buildah build --build-context build=FOLDER --target portal .

FROM debian:trixie AS compile
RUN apt-get update && apt-get install -y --no-install-recommends build-essential ca-certificates curl git make nodejs npm pkg-config && rm -rf /var/lib/apt/lists/*
ENV CARGO_HOME=/cargo RUSTUP_HOME=/rustup PATH=/cargo/bin:$PATH
ENV CARGO_TARGET_DIR=/target
WORKDIR /src
COPY . .
RUN scripts/setup.sh
RUN bash -c 'source scripts/common.sh && source scripts/portal.sh && build_release && scripts/image-files.sh "$BINARY_RELEASE" "$SITE_RELEASE" /out'

FROM scratch AS build
COPY --from=compile /out /

FROM scratch AS portal
COPY --from=build /lib /
COPY --from=build /quayside /quayside
COPY --from=build /site /site
# An empty folder that belongs to the user, for a volume.
COPY --from=build --chown=65532:65532 /data /data
ENV QUAYSIDE_DATABASE=/data/quayside.db QUAYSIDE_SITE_ROOT=/site
# As scripts/portal.sh has it, where it says why.
ENV GLIBC_TUNABLES=glibc.malloc.tcache_count=128:glibc.malloc.tcache_max=512:glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=131072
USER 65532:65532
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["/quayside"]
