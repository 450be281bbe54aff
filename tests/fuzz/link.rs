//! The link: any text behind `#` opens a state, and the state that it opens has one link.

use crate::knock;
use glasses_contract::controls::CONTROLS;
use glasses_contract::link::{decode, encode};
use proptest::collection::vec;
use proptest::prelude::*;

/// Keys that exist and some that do not, values that are nearly right, and bytes that are nothing.
fn links() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        4 => (0..CONTROLS.len()).prop_map(|control| CONTROLS[control].key.to_string()),
        1 => "[a-z]{0,3}",
    ];
    let value = prop_oneof!["-?[0-9]{1,12}", "[0-9.,eE+-]{0,8}", "[a-z]{0,9}", "(%[0-9A-Fa-f]{2}){0,6}", "\\PC{0,12}", ".{0,6}"];
    let pairs = vec((key, value), 0..8).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("#v=1&{}", pairs.join("&"))
    });
    prop_oneof![4 => pairs, 1 => ".{0,80}"]
}

#[test]
fn what_any_text_opens_has_one_link() {
    knock(4_000, links(), |text| {
        let (config, _) = decode(&text);
        let link = encode(&config);
        prop_assert_eq!(&encode(&decode(&link).0), &link);
        prop_assert_eq!(decode(&link), (config, vec![]));
        Ok(())
    });
}
