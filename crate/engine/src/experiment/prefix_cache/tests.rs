//! What goes on from what was read says the same, bit for bit, as what is read from nothing.

use super::*;
use crate::{Engine, NoProgress, device};
use glasses_contract::open;
use glasses_contract::question;
use glasses_contract::report::Pair;
use glasses_contract::{Admitted, admit};

/// A link's experiment about two texts of so many letters that hardly repeat themselves.
fn typed(link: &str, [a, b]: [&str; 2]) -> Admitted {
    let (mut state, warnings) = open::decode(link);
    assert_eq!(warnings, vec![], "{link}");
    (state.experiment.input.a, state.experiment.input.b) = (a.into(), b.into());
    let (admitted, warnings) = admit(state.experiment);
    assert_eq!(warnings, vec![], "{link}");
    admitted
}

fn letters(from: usize, count: usize) -> String {
    (from..from + count).map(|at| char::from(b'a' + (at * at % 26) as u8)).collect()
}

fn pair(engine: &mut Engine, config: &Admitted) -> Pair {
    pollster::block_on(engine.answer(config, question::Pair, &NoProgress)).expect("an answer")
}

/// Asks one engine about one state after the other, and an engine that has read nothing about each.
fn assert_same(link: &str, texts: &[[String; 2]]) {
    let mut engine = Engine::new(device::cpu());
    for (at, [a, b]) in texts.iter().enumerate() {
        let config = typed(link, [a, b]);
        let (kept, fresh) = (pair(&mut engine, &config), pair(&mut Engine::new(device::cpu()), &config));
        assert!(kept == fresh, "{link}: state {at}, {} and {} letters", a.len(), b.len());
        // B goes on from an A that begins as it does, so that it is asked for beside another one, too.
        let alone = pair(&mut Engine::new(device::cpu()), &typed(link, ["+", b]));
        assert!(kept.b == alone.b, "{link}: state {at}, B alone, {} letters", b.len());
    }
}

#[test]
fn what_is_typed_is_read_with_the_same_bits_as_from_nothing() {
    let keys = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
    let (long, other) = (letters(2, 90), letters(3, 90));
    let mut texts: Vec<[String; 2]> = (1..20).map(|count| keys(&long[..count], &other[..count + 1])).collect();
    texts.extend((60..70).map(|count| keys(&long[..count], &long[..count + 1])));
    // Taken away, pasted, changed in the middle, each other's place, and the same again.
    texts.push(keys(&long[..12], &long[..66]));
    texts.push(keys(&long, &format!("{}x{}", &long[..40], &other[..40])));
    texts.push(keys(&format!("{}x{}", &long[..40], &other[..40]), &long));
    texts.push(keys(&long, &long));
    texts.push(keys(&other, &format!("{other}0")));
    for link in [
        "v=1",
        "v=1&pos=rotary",
        "v=1&pos=sinusoidal",
        "v=1&pos=learned",
        "v=1&norm=rms",
        "v=1&mix=gated",
        "v=1&fp=bf16",
        "v=1&d=20&heads=5",
        "v=1&d=160&layers=2",
        "v=1&residual=off",
        "v=1&mlp=off",
        "v=1&layer=3&head=2",
        // Those that nothing is kept of.
        "v=1&pos=alibi",
        "v=1&mask=both",
        "v=1&reach=local",
        "v=1&fa=bf16",
        "v=1&weigh=sigmoid",
        "v=1&sink=zero",
    ] {
        assert_same(link, &texts);
    }
}

#[test]
fn a_map_that_is_wider_than_what_is_shown_goes_on_too() {
    let (long, other) = (letters(2, 800), letters(3, 800));
    let of = |lengths: &[usize]| lengths.iter().map(|&count| [long[..count].to_owned(), other[..count + 3].to_owned()]).collect::<Vec<_>>();
    // Beyond the side of a map, back by more rows than are spare, and to where all of it is shown.
    assert_same("v=1&layers=2", &of(&[500, 511, 520, 640, 700, 699, 560, 559, 300, 701]));
}

#[test]
fn another_head_or_model_is_not_shown_in_the_place_of_the_one_asked_for() {
    let (long, other) = (letters(2, 560), letters(3, 560));
    let mut engine = Engine::new(device::cpu());
    for link in ["v=1", "v=1&head=1", "v=1&layer=1", "v=1&seed=2", "v=1&seed=2&pos=rotary", "v=1"] {
        for count in [30, 540, 541] {
            let config = typed(link, [&long[..count], &other[..count]]);
            assert!(pair(&mut engine, &config) == pair(&mut Engine::new(device::cpu()), &config), "{link} {count}");
        }
    }
}

#[test]
fn a_key_at_the_end_leaves_a_few_rows_to_read() {
    let mut engine = Engine::new(device::cpu());
    let (long, other) = (letters(2, 600), letters(3, 600));
    for count in [100, 600] {
        pair(&mut engine, &typed("v=1", [&long[..count - 1], &other[..count - 1]]));
        let kept: Vec<&ReadSequence> = engine.prefixes.sequences().iter().collect();
        assert_eq!(kept.len(), 2);
        // As the engine makes tokens of it: with a beginning of the text.
        let mut tokens = kept[1].tokens.clone();
        tokens.push(kept[1].tokens[3]);
        let (known, all) = (tokens.len() - LEAST_ROWS, tokens.len());
        assert_eq!(Beginning::of(&tokens, (0, 0), &kept), Some(Beginning { other: 1, known }));
        // Of another head's map all rows are wanted that are shown.
        let rest = Some(all - all.min(MAX_ATTENTION_SIDE)).filter(|known| *known >= LEAST_ROWS);
        assert_eq!(Beginning::of(&tokens, (0, 1), &kept), rest.map(|known| Beginning { other: 1, known }));
        assert_eq!(Beginning::of(&tokens, (0, 0), &[kept[0]]), None);
    }
}

#[test]
fn no_more_is_kept_than_fits_its_room() {
    let mut engine = Engine::new(device::cpu());
    pair(&mut engine, &typed("v=1", [&letters(2, 40), &letters(3, 40)]));
    let mut prefixes = PrefixCache::default();
    let read = |sequence: &ReadSequence, kv| ReadSequence { tokens: sequence.tokens.clone(), kv, rows: sequence.rows.clone() };
    let kept = &engine.prefixes.sequences()[0];
    let own = kept.kv.as_ref().expect("keys and values");
    let wide = own.iter().cycle().take(own.len() * (MOST_KEPT / numbers(own) + 1)).cloned().collect::<KvCache>();
    assert!(numbers(&wide) > MOST_KEPT);
    prefixes.keep([read(kept, Some(wide)), read(kept, None), read(kept, kept.kv.clone())]);
    assert_eq!(prefixes.sequences().len(), 1);
}
