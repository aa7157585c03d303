//! The form of a new app as the API takes it: no text makes it panic, and every finding is one sentence at a field.
#![no_main]

use domain::Namespace;
use domain::english::form::told_of_app;
use domain::spec::AppForm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let (Ok(form), Ok(namespace)) = (serde_json::from_slice::<AppForm>(json), Namespace::parse("web")) else { return };
    match form.parse(namespace) {
        Ok(spec) => drop(domain::spec::advice(&spec)),
        Err(found) => {
            assert!(!found.is_empty(), "a form is refused with a reason");
            assert!(told_of_app(&found).iter().all(|f| !f.field.is_empty() && !f.message.contains('\n')));
        }
    }
});
