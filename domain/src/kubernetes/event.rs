//! Events: what stands alike in the texts of all.

/// What an event says. Where many differ by a little only, client-go puts a mark in front of the newest
/// (`tools/record/events_cache.go`).
#[must_use]
pub fn own_text(text: &str) -> &str {
    text.strip_prefix("(combined from similar events): ").unwrap_or(text)
}

/// The container in the kubelet's `spec.containers{app}` or `spec.initContainers{app}`
/// (`pkg/kubelet/container/ref.go`, `GenerateContainerRef`).
#[must_use]
pub fn container(field_path: &str) -> Option<&str> {
    let (part, name) = field_path.strip_prefix("spec.")?.strip_suffix('}')?.split_once('{')?;
    matches!(part, "containers" | "initContainers" | "ephemeralContainers").then_some(name)
}
