// The sample app of the test cluster: an HTTP server that misbehaves on request, so that every story
// that the portal tells really happens. One static binary, no dependencies.
//
// HTTP (GET or POST, port PORT, default 8080):
//
//	/                                    200, says version, host name and configuration
//	/healthy                             200, or 503 while unhealthy
//	/behave?healthy=false                switches /healthy
//	/slow?ms=2000                        answers late
//	/crash?code=3                        ends the process
//	/memory?mb=64                        takes memory and keeps it
//	/cpu?seconds=10                      keeps one core busy
//	/log?lines=10&rate=100&bytes=200&kind=plain   prints lines, numbered from where the last call ended
//
// kind is plain, html, ansi, utf8 (invalid bytes), long (one line of 10 MB) or json.
//
// The same from the start, by environment: HEALTHY, UNHEALTHY_AFTER_SECONDS, START_DELAY_SECONDS,
// CRASH_AFTER_SECONDS, EXIT_CODE, EXIT_AFTER_SECONDS, MEMORY_MB, LOG_LINES, LOG_RATE, LOG_BYTES,
// LOG_KIND, TERM_DELAY_SECONDS. GREETING is shown on / as an example of a configured value.
//
// Arguments: "exit N" says a word and ends with code N; "sleep N" ends well after N seconds; "get URL"
// fetches and prints, for tests from inside the cluster.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	version = "dev"
	healthy atomic.Bool
	printer = newLinePrinter()
	memory  keeper
)

func main() {
	if len(os.Args) > 1 {
		os.Exit(runArguments(os.Args[1:]))
	}
	healthy.Store(os.Getenv("HEALTHY") != "false")
	started := time.Now()
	say("sample %s starts", version)
	watchSignals()
	time.Sleep(seconds("START_DELAY_SECONDS"))
	startFromEnvironment()

	port := text(os.Getenv("PORT"), "8080")
	say("listening on port %s after %s", port, time.Since(started).Round(time.Millisecond))
	if err := http.ListenAndServe(":"+port, routes()); err != nil {
		say("cannot listen: %v", err)
		os.Exit(1)
	}
}

func runArguments(args []string) int {
	value := 0
	if len(args) > 1 {
		value = number(args[1], 0)
	}
	switch args[0] {
	case "exit":
		say("ending with exit code %d, as told", value)
		return value
	case "get":
		return get(args[len(args)-1])
	case "sleep":
		say("sleeping %d s", value)
		time.Sleep(time.Duration(value) * time.Second)
		say("done")
		return 0
	}
	say("unknown argument %q", args[0])
	return 2
}

func get(url string) int {
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		say("%v", err)
		return 1
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
	if answer.StatusCode >= 400 {
		return 1
	}
	return 0
}

func startFromEnvironment() {
	if mb := number(os.Getenv("MEMORY_MB"), 0); mb > 0 {
		memory.take(mb)
	}
	after("UNHEALTHY_AFTER_SECONDS", func() {
		say("unhealthy from now on")
		healthy.Store(false)
	})
	after("CRASH_AFTER_SECONDS", func() { crash(number(os.Getenv("EXIT_CODE"), 1)) })
	after("EXIT_AFTER_SECONDS", func() {
		say("work done, leaving")
		os.Exit(0)
	})
	lines, rate := number(os.Getenv("LOG_LINES"), 0), number(os.Getenv("LOG_RATE"), 0)
	if lines > 0 || rate > 0 {
		go printer.print(job{lines, rate, number(os.Getenv("LOG_BYTES"), 0), text(os.Getenv("LOG_KIND"), "plain")})
	}
}

func watchSignals() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		got := <-signals
		say("got %s, leaving", got)
		time.Sleep(seconds("TERM_DELAY_SECONDS"))
		os.Exit(0)
	}()
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		host, _ := os.Hostname()
		fmt.Fprintf(w, "sample %s on %s\n%s\n", version, host, os.Getenv("GREETING"))
	})
	mux.HandleFunc("/healthy", func(w http.ResponseWriter, _ *http.Request) {
		if !healthy.Load() {
			http.Error(w, "unhealthy", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/behave", func(w http.ResponseWriter, r *http.Request) {
		if value := r.FormValue("healthy"); value != "" {
			healthy.Store(value != "false")
		}
		fmt.Fprintf(w, "healthy=%t\n", healthy.Load())
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(number(r.FormValue("ms"), 1000)) * time.Millisecond)
		fmt.Fprintln(w, "ok, late")
	})
	mux.HandleFunc("/crash", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "crashing")
		code := number(r.FormValue("code"), 1)
		time.AfterFunc(100*time.Millisecond, func() { crash(code) })
	})
	mux.HandleFunc("/memory", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "holding %d MB\n", memory.take(number(r.FormValue("mb"), 16)))
	})
	mux.HandleFunc("/cpu", func(w http.ResponseWriter, r *http.Request) {
		duration := time.Duration(number(r.FormValue("seconds"), 1)) * time.Second
		go burn(duration)
		fmt.Fprintf(w, "busy for %s\n", duration)
	})
	mux.HandleFunc("/log", func(w http.ResponseWriter, r *http.Request) {
		j := job{number(r.FormValue("lines"), 1), number(r.FormValue("rate"), 0), number(r.FormValue("bytes"), 0), text(r.FormValue("kind"), "plain")}
		go printer.print(j)
		fmt.Fprintf(w, "printing %d lines\n", j.lines)
	})
	return mux
}

func crash(code int) {
	say("fatal: crashing with exit code %d", code)
	os.Exit(code)
}

func burn(duration time.Duration) {
	for end := time.Now().Add(duration); time.Now().Before(end); {
	}
}

// keeper holds memory so that it stays resident.
type keeper struct {
	sync.Mutex
	blocks [][]byte
}

func (k *keeper) take(mb int) int {
	k.Lock()
	defer k.Unlock()
	for range mb {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		k.blocks = append(k.blocks, block)
	}
	say("holding %d MB", len(k.blocks))
	return len(k.blocks)
}

// job is one order to print: lines 0 means without end, rate 0 as fast as it goes, bytes the length of a line.
type job struct {
	lines, rate, bytes int
	kind               string
}

// linePrinter numbers lines across all jobs, so that a reader can tell whether one is missing.
type linePrinter struct {
	sync.Mutex
	next int
	out  *bufio.Writer
}

func newLinePrinter() *linePrinter {
	return &linePrinter{next: 1, out: bufio.NewWriterSize(os.Stdout, 64<<10)}
}

func (p *linePrinter) print(j job) {
	const tick = 20 * time.Millisecond
	started, done := time.Now(), 0
	for j.lines == 0 || done < j.lines {
		due := j.lines
		if j.rate > 0 {
			due = int(time.Since(started).Seconds() * float64(j.rate))
		} else if j.lines == 0 {
			due = done + 1000
		}
		if j.lines > 0 && due > j.lines {
			due = j.lines
		}
		p.batch(due-done, j)
		done = max(done, due)
		if j.rate > 0 {
			time.Sleep(tick)
		}
	}
}

func (p *linePrinter) batch(count int, j job) {
	p.Lock()
	defer p.Unlock()
	for range count {
		p.out.Write(line(p.next, j))
		p.next++
	}
	p.out.Flush()
}

func line(n int, j job) []byte {
	var b bytes.Buffer
	switch j.kind {
	case "html":
		fmt.Fprintf(&b, `line %06d <script>document.title="owned"</script><img src=x onerror="alert(1)"> &amp; <b>bold</b>`, n)
	case "ansi":
		fmt.Fprintf(&b, "line %06d \x1b[31mred\x1b[0m \x1b[1;32mgreen\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[Hcleared", n)
	case "utf8":
		fmt.Fprintf(&b, "line %06d ok: grüße 日本 🚢 broken: \xff\xfe\xc3\x28\xe2\x82 end", n)
	case "json":
		fmt.Fprintf(&b, `{"level":"info","message":"line %06d","path":"/api/search.json","took_ms":%d}`, n, n%97)
	case "long":
		fmt.Fprintf(&b, "line %06d ", n)
		j.bytes = 10 << 20
	default:
		fmt.Fprintf(&b, "line %06d", n)
	}
	if missing := j.bytes - b.Len() - 1; missing > 0 {
		b.WriteByte(' ')
		b.WriteString(strings.Repeat("x", missing-1))
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func say(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "%s "+format+"\n", append([]any{time.Now().UTC().Format(time.RFC3339)}, values...)...)
}

func after(name string, do func()) {
	if os.Getenv(name) != "" {
		time.AfterFunc(seconds(name), do)
	}
}

func seconds(name string) time.Duration {
	return time.Duration(number(os.Getenv(name), 0)) * time.Second
}

func number(s string, fallback int) int {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return n
	}
	return fallback
}

func text(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
