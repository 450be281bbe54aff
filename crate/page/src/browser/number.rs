//! Numbers as people of the page's language write them.

use glasses_contract::locale;

/// A count, its thousands set apart: “10,000”.
pub fn count(number: usize) -> String {
    js_sys::Number::from(number as f64).to_locale_string(locale::code()).into()
}
