//! Values read off a drawn picture are those that were drawn, by pointer and by key.

use glasses_contract::config::{Metric, Which};
use glasses_contract::report::JacobianMethod;
use glasses_contract::task::Task;
use glasses_plots::{
    AccuracyByLength, AnswerHistogram, Attention, AxisKind, Cells, Direction, DistanceByLayer, DistanceByN, ErrorByLength, Figure,
    LossByStep, NextTokens, Premises, Reading, Readout, SensitivityByToken, SeparatorHeat, Style, Theme, TwinByLength, samples,
};
use plotters::prelude::{IntoDrawingArea, SVGBackend};

/// Draws on a bitmap of 900 by 400 CSS pixels, two bitmap pixels to each.
fn draw(figure: &impl Figure) -> Readout {
    draw_with(figure, Cells::Figure)
}

fn draw_with(figure: &impl Figure, cells: Cells) -> Readout {
    let mut document = String::new();
    let area = SVGBackend::with_string(&mut document, (1800, 800)).into_drawing_area();
    figure.draw(&area, &Style { cells, ..Style::new(Theme::light(), 2.0) }).expect("drawn")
}

#[test]
fn every_n_is_found_at_its_pixel_and_its_numbers_are_those_at_the_pixel() {
    let sweep = samples::sweep(4, 256);
    for x in [AxisKind::Linear, AxisKind::Log] {
        let readout = draw(&DistanceByN { x, ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, "") });
        assert_eq!(readout.count(), 256);
        for index in 0..256 {
            let reading = readout.at(index, 5).expect("a reading");
            let found = readout.nearest(reading.x, reading.y).expect("nearest");
            assert_eq!((found.index, found.key, found.title.as_str()), (index, index + 1, format!("n = {}", index + 1).as_str()));
            assert_eq!(found.rows[found.focus].label, "output");
            let (n, distance) = readout.data_from_pixel(reading.x, reading.y).expect("both axes count");
            let drawn = sweep.stages[5].distances[index].linf;
            assert!((n - sweep.n[index] as f64).abs() < 1e-6 && (distance / drawn - 1.0).abs() < 1e-9, "{n} {distance} {drawn}");
        }
    }
}

#[test]
fn a_reading_names_all_stages_and_zeros_as_zeros() {
    let sweep = samples::sweep(2, 64);
    let reading = draw(&DistanceByN::new(sweep.clone(), Metric::Linf, 24, "")).step(None, Direction::Right).expect("a reading");
    assert_eq!(reading.title, "n = 24", "keys start at the current n");
    assert_eq!(reading.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), ["embedding", "layer 1", "layer 2", "output"]);
    assert_eq!(reading.rows[0].value, "0");
    assert!(reading.sentence().starts_with("n = 24: embedding 0, layer 1 0.0"), "{}", reading.sentence());
    let (zero, output) = (reading.rows[0].at.expect("on the rail"), reading.rows[3].at.expect("on the axis"));
    assert!(zero.1 > output.1 && zero.0 == output.0);
    assert_eq!(reading.rows[3].color, Theme::light().stage(3, 4));
}

#[test]
fn arrow_keys_walk_data_and_series_and_stop_at_the_ends() {
    let sweep = samples::sweep(2, 5);
    let readout = draw(&DistanceByN::new(sweep.clone(), Metric::Linf, 3, ""));
    let walk = |from: &Reading, direction| readout.step(Some(from), direction).expect("a step");
    let start = readout.step(None, Direction::Left).expect("a start");
    assert_eq!((start.key, start.focus), (3, 3));
    assert_eq!(walk(&start, Direction::Right).key, 4);
    assert_eq!(walk(&start, Direction::Last).key, 5);
    assert_eq!(walk(&walk(&start, Direction::Last), Direction::Right).key, 5);
    assert_eq!(walk(&walk(&start, Direction::First), Direction::Left).key, 1);
    assert_eq!(walk(&start, Direction::Up).focus, 2);
    assert_eq!(walk(&start, Direction::Down).focus, 3);
    // A reading of an earlier, longer picture.
    assert_eq!(walk(&Reading { index: 4000, ..start }, Direction::Left).key, 4);
}

#[test]
fn layers_have_heads_where_there_are_any() {
    let pair = samples::pair(4, 24);
    let readout = draw(&DistanceByLayer::new(pair.clone(), Metric::Linf, ""));
    let embedding = readout.step(None, Direction::First).expect("a stage");
    assert_eq!((embedding.title.as_str(), embedding.rows.len()), ("embedding", 1));
    let layer = readout.step(Some(&embedding), Direction::Right).expect("a layer");
    assert_eq!((layer.title.as_str(), layer.rows.len(), layer.focus), ("layer 1", 4, 0));
    assert_eq!(readout.step(Some(&layer), Direction::Down).map(|head| head.focus), Some(1));
}

#[test]
fn an_estimate_is_read_with_its_error() {
    let sensitivity = samples::sensitivity(24, JacobianMethod::Estimate { probes: 8 });
    let reading = draw(&SensitivityByToken::new(sensitivity.clone(), "")).at(3, 0).expect("a token");
    assert_eq!(reading.title, "token 4: “1”");
    assert!(reading.rows[0].value.contains(" ± "), "{reading:?}");
    let exact = samples::sensitivity(24, JacobianMethod::Exact);
    let reading = draw(&SensitivityByToken::new(exact.clone(), "")).at(3, 0).expect("a token");
    assert!(!reading.rows[0].value.contains('±'));
}

#[test]
fn attention_cells_are_found_by_query_and_key() {
    let figure = Attention { pair: samples::pair(4, 99).into(), which: Which::A, premises: Premises::default(), model: String::new() };
    let readout = draw_with(&figure, Cells::Caller);
    for (query, key) in [(0, 0), (99, 0), (99, 99), (50, 20)] {
        let reading = readout.at(query * 100 + key, 0).expect("a cell");
        assert_eq!(readout.nearest(reading.x, reading.y).map(|found| found.index), Some(query * 100 + key));
        assert!(
            reading.title.contains(&format!("(token {}) attends to", query + 1))
                && reading.title.ends_with(&format!("(token {})", key + 1))
        );
    }
    let later = readout.at(7, 0).expect("a masked cell");
    assert!(later.rows[0].value.contains("masked"));
    assert_eq!(readout.step(Some(&later), Direction::Down).map(|below| below.index), Some(107));
    assert_eq!(readout.step(Some(&later), Direction::Up).map(|above| above.index), Some(7));

    let image = readout.image.expect("a large map");
    assert_eq!((image.place, image.width, image.height, image.rgba.len()), (readout.plot, 100, 100, 40_000));
    assert_eq!(image.rgba[..4], [0x35, 0x10, 0x5a, 255], "the first token attends to itself alone");
    assert_eq!(image.rgba[7 * 4 + 3], 0, "masked cells are transparent");
    assert!(draw(&figure).image.is_none(), "its cells are drawn by the figure");
}

#[test]
fn cells_of_separators_are_found_by_period_and_n() {
    let map = samples::separators(12, 48);
    let readout = draw(&SeparatorHeat::new(map.clone(), Metric::Linf, ""));
    assert_eq!(readout.count(), 13 * 48);
    let reading = readout.at(3 * 48 + 5, 0).expect("a cell");
    assert_eq!(reading.title, "k = 3, n = 24");
    assert_eq!(readout.nearest(reading.x, reading.y).map(|found| found.index), Some(reading.index));
    assert_eq!(readout.step(Some(&reading), Direction::Down).map(|below| below.title), Some("k = 4, n = 24".into()));
    assert!(readout.at(0, 0).is_some_and(|none| none.title.starts_with("no separators, n = 4")));
    let large = samples::separators(64, 100);
    let image = draw_with(&SeparatorHeat::new(large, Metric::Linf, ""), Cells::Caller).image.expect("a large map");
    assert_eq!((image.width, image.height), (100, 65));
}

#[test]
fn curves_of_other_lengths_are_read_where_they_have_a_point() {
    let sweep = samples::sweep(2, 64);
    let published = glasses_contract::paper::curves(glasses_contract::config::Published::Fig5a);
    let readout = draw(&DistanceByN { published: published.first().cloned(), ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, "") });
    assert_eq!(readout.count(), 64);
    let reads = |n: usize, label: &str| readout.at(n - 1, 9).is_some_and(|reading| reading.rows.iter().any(|row| row.label == label));
    let published = "Gemma 7B, ones in ones (Fig. 5a)";
    assert_eq!((reads(6, published), reads(7, published)), (true, false));
    assert!(reads(7, "output") && reads(7, "heads of layer 2, mean"));
}

#[test]
fn next_tokens_are_walked_downwards() {
    let pair = samples::pair(4, 24);
    let readout = draw(&NextTokens::new(pair.clone(), ""));
    let first = readout.step(None, Direction::Down).expect("a token");
    let second = readout.step(Some(&first), Direction::Down).expect("a token");
    assert_eq!((first.index, second.index), (0, 1));
    assert!(second.y > first.y && first.rows.len() == 2 && first.rows[0].value.ends_with('%'));
    assert_eq!(readout.nearest(second.x, second.y).map(|found| found.key), Some(second.key));
}

#[test]
fn answers_are_read_with_what_was_said_and_a_click_chooses_n() {
    let lengths = samples::lengths(Task::Ones, 200);
    let readout = draw(&ErrorByLength { lengths: lengths.clone().into(), published: vec![] });
    let last = readout.step(None, Direction::Last).expect("a length");
    assert_eq!((last.title.as_str(), last.key, last.rows.len()), ("n = 200", 200, 2));
    assert_eq!(last.rows[0].value, "136 (says 64, right is 200)");
    assert_eq!(readout.nearest(last.x, last.y).map(|found| (found.key, found.focus)), Some((200, 0)));
    let first = readout.step(Some(&last), Direction::First).expect("a length");
    assert_eq!((first.key, first.rows[0].value.as_str()), (5, "0 (says 5, right)"));

    let nasty = samples::nasty_lengths();
    let partly = &nasty.iter().find(|(name, _)| *name == "some numbers").expect("a sample").1;
    let reading = draw(&ErrorByLength { lengths: partly.clone().into(), published: vec![] });
    let at = (0..reading.count()).filter_map(|index| reading.at(index, 0)).find(|reading| reading.key == 130).expect("a length");
    assert!(at.rows[2].label.ends_with("left out") && at.rows[2].value == "not a number (2 of 4)", "{at:?}");
    assert!(at.rows[2].at.expect("on the rail").1 < at.rows[0].at.expect("on the axis").1);
}

#[test]
fn twins_are_read_from_the_current_n_on() {
    let lengths = samples::lengths(Task::Digits, 200);
    let readout = draw(&TwinByLength { lengths: lengths.clone().into(), n: 110 });
    let home = readout.step(None, Direction::Right).expect("a length");
    assert_eq!((home.key, home.rows.len()), (110, 2));
    assert!(home.rows[0].value.ends_with("(0 of 4 right; same next token for 4; same in fp8 e5m2, fp8 e4m3, bf16)"), "{home:?}");
    let last = readout.step(Some(&home), Direction::Last).expect("a length");
    assert!(last.rows[0].value.starts_with("0 (") && last.rows[0].at.expect("on the rail").1 > last.rows[1].at.expect("on the axis").1);
}

#[test]
fn a_histogram_is_read_by_number_and_by_answer() {
    let lengths = samples::lengths(Task::Digits, 200);
    let readout = draw(&AnswerHistogram { lengths: lengths.clone().into() });
    let favourite = (0..readout.count()).filter_map(|index| readout.at(index, 0)).find(|reading| reading.title == "answer 60 to 64");
    let favourite = favourite.expect("the bin of 64");
    assert_eq!((favourite.key, favourite.rows[0].value.as_str(), favourite.rows[0].label.as_str()), (60, "108", "said"));
    assert_eq!(readout.nearest(favourite.x, favourite.y).map(|found| found.key), Some(60));
    let lengths = samples::lengths(Task::Last, 200);
    let readout = draw(&AnswerHistogram { lengths: lengths.clone().into() });
    let first = readout.step(None, Direction::Down).expect("a row");
    assert_eq!((readout.count(), first.title.as_str(), first.rows.len()), (2, "“0”", 2));
}

#[test]
fn steps_are_read_on_both_scales() {
    let curve = samples::loss_curve(1600);
    let readout = draw(&LossByStep { curve: curve.clone(), steps: 2000, model: String::new() });
    let reading = readout.at(1499, 1).expect("a step");
    assert_eq!((reading.title.as_str(), reading.rows.len(), reading.focus), ("step 1500", 2, 1));
    let (step, _) = readout.data_from_pixel(reading.x, reading.y).expect("both axes count");
    assert!((step - 1500.0).abs() < 1e-6);
    // The axis is as long as the run, not as what has been done of it.
    assert!((readout.x.expect("an axis").data.1 - 2000.0).abs() < 1e-9);
    let share = 1.0 - (reading.y - readout.plot.y) / readout.plot.height;
    assert!((share - 0.963).abs() < 0.01, "{share}");
    assert_eq!(readout.at(1498, 0).map(|reading| reading.rows.len()), Some(1));
    let accuracy = samples::accuracy(1.0);
    let readout = draw(&AccuracyByLength { accuracy: accuracy.clone(), model: String::new() });
    let reading = readout.step(None, Direction::First).expect("a length");
    assert_eq!((reading.key, reading.rows.len(), reading.rows[0].value.as_str()), (1, 7, "1.00"));
}

#[test]
fn nothing_is_read_where_nothing_is() {
    let sweep = samples::sweep(4, 64);
    let readout = draw(&DistanceByN::new(sweep.clone(), Metric::Linf, 24, ""));
    assert_eq!(readout.nearest(-100.0, 50.0), None);
    assert_eq!(readout.nearest(f64::NAN, 50.0), None);
    for (name, sweep) in samples::nasty_sweeps() {
        let readout = draw(&DistanceByN::new(sweep.clone(), Metric::Linf, 24, ""));
        for direction in [Direction::Left, Direction::Right, Direction::Up, Direction::Down, Direction::First, Direction::Last] {
            let reading = readout.step(None, direction);
            assert_eq!(reading.is_some(), !sweep.n.is_empty() && !sweep.stages.is_empty(), "{name}");
            readout.step(reading.as_ref(), direction);
        }
    }
}
