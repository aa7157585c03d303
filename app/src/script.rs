//! The few lines of script that a page begins with: they load the wasm and wake the islands.

use crate::page::Frame;
use leptos::prelude::*;

// What leptos writes for islands (its hydration/island_script.js), for our hashed names, base path and nonce.
// Islands are woken in document order, each in a task of its own; the children of an island belong to the owner of the
// island around them. Only islands are looked for: a page may have tens of thousands of elements.
// What the server has rendered is painted first; a page in the background paints nothing and does not wait for it.
//
// Where a file does not come (a proxy that does not pass it on, a portal that was upgraded meanwhile), or a piece fails, the
// page stays as the server has made it and says so.
const WAKE: &str = "\
const stale=()=>document.getElementById('stale')?.removeAttribute('hidden');\
addEventListener('unhandledrejection',stale);\
addEventListener('error',event=>{if(event.error instanceof WebAssembly.RuntimeError)stale()});\
const pause=()=>new Promise(go=>setTimeout(go));\
async function walk(){for(const island of document.querySelectorAll('leptos-island')){\
const wake=mod[island.dataset.component];\
if(wake){await pause();island.parentElement.closest('leptos-children')?.$$on_hydrate?.();await wake(island)}}}\
await new Promise(go=>{requestAnimationFrame(()=>setTimeout(go));setTimeout(go,500)});\
let mod;\
try{mod=await import(js);await mod.default({module_or_path:wasm});await pause();mod.hydrate();await walk()}catch(fault){stale();throw fault}";

/// Preloads and the module, for the head. Nothing where the build has no wasm.
pub(crate) fn tags(frame: &Frame) -> Option<impl IntoView + use<>> {
    let a = &frame.assets;
    (!a.js.is_empty() && !a.wasm.is_empty()).then(|| {
        let (js, wasm) = (frame.base.link(&a.js), frame.base.link(&a.wasm));
        // Neither a base path nor a file name can hold a quote or a bracket, so they need no escaping here.
        let text = format!("const js=\"{js}\",wasm=\"{wasm}\";{WAKE}");
        let nonce = frame.nonce.clone();
        view! {
            <link rel="modulepreload" href=js nonce=nonce.clone() fetchpriority="low"/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low"/>
            <script type="module" nonce=nonce inner_html=text></script>
        }
    })
}
