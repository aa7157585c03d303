//! What stands in an address: the list's query comes back as it was, and a base path takes nothing that is not below it.
#![no_main]

use domain::BasePath;
use domain::live::ListQuery;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&str, &str, Vec<(String, String)>)| {
    let (base, path, pairs) = data;
    let query = ListQuery::from_pairs(&pairs);
    assert_eq!(ListQuery::from_pairs(&query.to_pairs()), query);
    let Ok(base) = BasePath::parse(base) else { return };
    if let Some(rest) = base.strip(path) {
        assert!(rest.starts_with('/'));
        assert!(base.link(rest).trim_end_matches('/') == path.trim_end_matches('/'));
    }
});
