//! How wide words are, about: labels are placed without asking a font, so a picture is laid out alike everywhere, and no browser
//! has to measure a label (which costs a reflow each).

/// The size of most text in figures, in CSS pixels; nothing is smaller.
pub(crate) const SMALL: f64 = 11.5;
/// The size of axis titles.
pub(crate) const TITLE: f64 = 13.0;
/// From one line of text to the next, as a multiple of the size.
pub(crate) const LEADING: f64 = 1.3;

/// The width of words in a usual sans-serif font, rather too wide than too narrow.
pub(crate) fn width(words: &str, size: f64) -> f64 {
    size * words.chars().map(share_of_em).sum::<f64>()
}

/// The width of words in a usual monospace font.
pub(crate) fn mono_width(words: &str, size: f64) -> f64 {
    size * words.chars().map(|character| if character >= '\u{2e80}' { 1.0 } else { 0.61 }).sum::<f64>()
}

fn share_of_em(character: char) -> f64 {
    match character {
        '\u{300}'..='\u{36f}' => 0.0,
        'i' | 'j' | 'l' | '|' | '\'' | '.' | ',' | ':' | ';' | '!' | 'I' | ' ' | '\u{a0}' => 0.32,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '“' | '”' => 0.42,
        '⁰'..='⁹' | '⁻' | '¹' | '²' | '³' | 'ⁿ' | 'ₙ' | 'ᵢ' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' => 0.92,
        '↑' | '→' | '↓' | '∞' | '×' | '−' => 0.84,
        'A'..='Z' => 0.69,
        '\u{2e80}'.. => 1.0,
        _ => 0.61,
    }
}

/// Words in lines no wider than this, broken at spaces, not at unbreakable ones, and between Chinese characters, but with no closing mark
/// at the start of a line and no opening one at its end; a word that is wider gets a line of its own.
pub(crate) fn wrap(words: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        for (part, piece) in pieces(word).into_iter().enumerate() {
            let space = if part == 0 { " " } else { "" };
            match lines.last_mut() {
                Some(line) if width(line, size) + width(space, size) + width(piece, size) <= most => {
                    line.push_str(space);
                    line.push_str(piece);
                }
                _ => lines.push(piece.into()),
            }
        }
    }
    lines
}

/// A word in the pieces between which a line may end.
fn pieces(word: &str) -> Vec<&str> {
    const CLOSING: &str = "，。、；：！？）】》」』”’％…—,.;:!?)]%\u{a0}";
    const OPENING: &str = "（【《「『“‘([\u{a0}";
    let is_chinese = |character: char| character >= '\u{2e80}';
    let mut pieces = Vec::new();
    let mut start = 0;
    for ((_, before), (at, behind)) in word.char_indices().zip(word.char_indices().skip(1)) {
        let is_kept = OPENING.contains(before) || CLOSING.contains(behind);
        if !is_kept && (is_chinese(before) || is_chinese(behind)) {
            pieces.push(&word[start..at]);
            start = at;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

/// Words of so many characters at the most: longer ones end with an ellipsis.
pub(crate) fn shorten(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.into();
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Places labels of one height along a line so that none overlaps another and all lie between two bounds, moving them as little
/// as possible (in the sum of squares). The order of the result is that of the wishes. Where there is no room for all, they
/// overlap evenly.
pub(crate) fn spread(wishes: &[f64], height: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&left, &right| wishes[left].total_cmp(&wishes[right]));
    let height = height.min((high - low).max(0.0) / wishes.len().max(1) as f64);
    // Labels that push each other form a block that rests at the mean of its labels' wishes, each less its offset in the block.
    struct Block {
        sum: f64,
        count: usize,
    }
    let rest = |block: &Block| {
        let most = (high - height * (block.count as f64 - 0.5)).max(low + height / 2.0);
        (block.sum / block.count as f64).clamp(low + height / 2.0, most)
    };
    let mut blocks: Vec<Block> = Vec::new();
    for &index in &order {
        let mut block = Block { sum: wishes[index], count: 1 };
        while let Some(above) = blocks.pop_if(|above| rest(above) + height * above.count as f64 > rest(&block)) {
            block = Block { sum: above.sum + block.sum - height * (above.count * block.count) as f64, count: above.count + block.count };
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|block| (0..block.count).map(|place| rest(block) + height * place as f64));
    let mut spread = vec![0.0; wishes.len()];
    order.iter().zip(places).for_each(|(&index, place)| spread[index] = place);
    spread
}

/// The labels under an axis that fit side by side: those of the given widths, centred at the given places between two bounds. The
/// first and the last win, and may lean inwards from the bounds; of the others, earlier ones do. Returns index and centre.
pub(crate) fn side_by_side(labels: &[(f64, f64)], low: f64, high: f64, gap: f64) -> Vec<(usize, f64)> {
    const EXACT: f64 = 1e-9;
    let Some(last) = labels.len().checked_sub(1) else { return Vec::new() };
    let inward = |(center, width): (f64, f64)| center.min(high - width / 2.0).max(low + width / 2.0);
    let mut free = low;
    let mut kept = Vec::new();
    for (index, &(center, width)) in labels.iter().enumerate() {
        let center = if index == 0 || index == last { inward((center, width)) } else { center };
        // The first may lean over its neighbours' places, but not over the last's.
        let until = if index == last { high } else { inward(labels[last]) - labels[last].1 / 2.0 - gap };
        if center - width / 2.0 >= free - EXACT && center + width / 2.0 <= until + EXACT {
            free = center + width / 2.0 + gap;
            kept.push((index, center));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let words = "seeded random weights, 4 layers of 4 heads, width 64, seed 1";
        let lines = wrap(words, SMALL, 160.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line, SMALL) <= 160.0), "{lines:?}");
        assert_eq!(lines.join(" "), words);
        assert_eq!(wrap("unbreakable", SMALL, 10.0), ["unbreakable"]);
        assert!(wrap("", SMALL, 10.0).is_empty());
    }

    #[test]
    fn chinese_is_wrapped_between_characters_and_no_line_begins_with_a_closing_mark() {
        let words = "虚线：各浮点格式的机器精度（理论值），“末词元”在 n\u{a0}=\u{a0}24 处的 L∞ 距离。";
        for most in 1..=30 {
            let lines = wrap(words, SMALL, 10.0 * f64::from(most));
            assert_eq!(lines.concat().replace(' ', ""), words.replace(' ', ""));
            let is_good = |line: &String| !line.starts_with(['，', '。', '：', '）', '”', '；']) && !line.ends_with(['（', '“']);
            assert!(lines.iter().all(is_good), "{lines:?}");
            // Five characters stick together at the most, or six of the other kind.
            assert!(most < 7 || lines.iter().all(|line| width(line, SMALL) <= 10.0 * f64::from(most)), "{lines:?}");
        }
        assert_eq!(pieces("（理论值），n=2。"), ["（理", "论", "值），", "n=2。"]);
    }

    #[test]
    fn shortened_words_have_an_end_that_says_so() {
        assert_eq!((shorten("ab→d", 4), shorten("ab→de", 4), shorten("", 0)), ("ab→d".into(), "ab→…".into(), "".into()));
    }

    #[test]
    fn labels_that_fit_stay_and_those_that_do_not_move_as_little_as_possible() {
        assert_eq!(spread(&[50.0, 10.0, 90.0], 10.0, 0.0, 100.0), [50.0, 10.0, 90.0]);
        assert_eq!(spread(&[50.0, 50.0], 10.0, 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(spread(&[0.0, 0.0], 10.0, 0.0, 100.0), [5.0, 15.0]);
        assert_eq!(spread(&[100.0, 100.0, 100.0], 10.0, 0.0, 100.0), [75.0, 85.0, 95.0]);
        assert!(spread(&[], 10.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn spread_labels_never_overlap_nor_leave() {
        let wishes: Vec<f64> = (0..20).map(|index| f64::from((index * 37) % 100)).collect();
        for high in [200.0, 400.0, 100.0] {
            let height = 10.0_f64.min(high / 20.0);
            let mut places = spread(&wishes, 10.0, 0.0, high);
            places.sort_by(f64::total_cmp);
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= height - 1e-9), "{places:?}");
            assert!(places[0] >= height / 2.0 - 1e-9 && places[19] <= high - height / 2.0 + 1e-9, "{places:?}");
        }
    }

    #[test]
    fn labels_under_an_axis_lean_inwards_and_leave_out_what_does_not_fit() {
        let centers = |labels: &[(f64, f64)]| side_by_side(labels, 0.0, 100.0, 2.0);
        assert_eq!(centers(&[(5.0, 30.0), (25.0, 8.0), (50.0, 8.0), (98.0, 20.0)]), [(0, 15.0), (2, 50.0), (3, 90.0)]);
        assert_eq!(centers(&[(10.0, 8.0), (88.0, 8.0), (95.0, 8.0)]), [(0, 10.0), (2, 95.0)]);
        assert_eq!(centers(&[(50.0, 20.0)]), [(0, 50.0)]);
        assert!(centers(&[]).is_empty() && centers(&[(50.0, 200.0)]).is_empty());
    }
}
