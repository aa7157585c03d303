//! Names and amounts that people type: what is taken is taken again as it is shown.
#![no_main]

use domain::{AppName, Bytes, ConfigMapName, EnvName, ImageRef, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, Port, SecretName, TeamName, Username};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    macro_rules! again {
        ($($name:ty),*) => { $(
            if let Ok(read) = <$name>::parse(text) {
                let shown = read.to_string();
                assert_eq!(<$name>::parse(shown.as_str()).ok(), Some(read), "{} is not taken again", stringify!($name));
                assert!(!shown.chars().any(char::is_control));
            }
        )* };
    }
    again!(AppName, ConfigMapName, EnvName, ImageRef, IngressHost, IngressPath, KeyName, Namespace, SecretName, TeamName, Username);
    let _ = Port::parse(text);
    if let Ok(cpu) = MilliCpu::parse(text) {
        assert_eq!(MilliCpu::parse(&format!("{}m", cpu.0)).ok(), Some(cpu));
    }
    if let Ok(bytes) = Bytes::parse(text) {
        assert_eq!(Bytes::parse(&bytes.0.to_string()).ok(), Some(bytes));
    }
});
