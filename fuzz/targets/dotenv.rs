//! The text of an `.env` file: none makes it panic, names are names, and no finding says a part of the text.
#![no_main]

use domain::dotenv;
use libfuzzer_sys::fuzz_target;

const CANARY: &str = "zzCANARYzz";

fuzz_target!(|text: &str| {
    let text = text.replace('=', &format!("={CANARY}"));
    match dotenv::read(&text) {
        Ok(settings) => {
            assert!(!settings.is_empty());
            assert!(settings.windows(2).all(|w| w[0].line < w[1].line), "settings are in their order");
            assert!(settings.iter().all(|s| !s.name.is_empty() && s.value.len() <= text.len()));
        }
        Err(refused) => assert!(!refused.to_string().contains(CANARY), "a finding says a part of the text"),
    }
});
