//! The lesson: any text, from a field, a link or a file of any encoding, is read in steps and mistakes, neither of them too many.

use crate::knock;
use glasses_contract::{lesson, limits, text_file};
use proptest::collection::vec;
use proptest::prelude::*;

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "#v=1&[a-z]{1,4}=[a-z0-9%^()]{0,8}",
        "#fig=[0-9a-z]{0,2}",
        Just("#".to_string()),
        "(<|\\[x\\]\\(|- |> |\")?(https://example\\.org/)?#(v=1|n=7|at=bench|tag)?[>).\"]{0,2}",
        "[A-Za-z #=&.]{0,20}",
        "\\PC{0,20}",
    ];
    (vec(line, 0..30), proptest::sample::select(vec!["\n", "\r\n", "\r", "\n\n", "\u{2028}"]), proptest::sample::select(vec![1, 1, 1, 60]))
        .prop_map(|(lines, end, times)| format!("{}{end}", lines.join(end)).repeat(times))
}

#[test]
fn any_text_is_a_lesson_of_so_many_steps() {
    knock(1_000, (lines(), vec(any::<u8>(), 0..64)), |(text, bytes)| {
        let (read, count_mismatches) = lesson::parse(&text);
        prop_assert!(read.steps.len() <= *limits::STEP.end() && count_mismatches.len() <= 24, "{} steps, {} mistakes", read.steps.len(), count_mismatches.len());
        prop_assert!(count_mismatches.iter().all(|mistake| (1..=text.len() + 1).contains(&mistake.line)));
        // The text that the state holds is the same lesson, and is the one spelling of it.
        let canonical = text_file::canonical(&text).into_owned();
        prop_assert_eq!(text_file::canonical(&canonical).into_owned(), canonical.clone());
        prop_assert_eq!(lesson::parse(&canonical), (read, count_mismatches));
        // What was written is read back from a file of each kind.
        let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect() };
        for file in [text.clone().into_bytes(), wide([0xff, 0xfe], u16::to_le_bytes), wide([0xfe, 0xff], u16::to_be_bytes)] {
            let unmarked = text.strip_prefix('\u{feff}').filter(|_| file == text.as_bytes()).unwrap_or(&text);
            match text_file::read(&file) {
                Ok(read) => prop_assert_eq!(read.as_str(), unmarked),
                Err(_) => prop_assert!(text.contains('\0')),
            }
        }
        // Any other bytes are a text too, or are refused in a sentence.
        prop_assert!(text_file::read(&bytes).map_or_else(|sentence| sentence.ends_with('.'), |text| text.len() <= 2 * bytes.len()));
        Ok(())
    });
}
