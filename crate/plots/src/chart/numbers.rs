//! The numbers of a chart: as a table, as a clause, and as what is read off the picture.

use super::{Across, Chart, Curve, Look};
use crate::axis::Scale;
use crate::number;
use crate::pen::{Pen, Rect};
use crate::readout::{Along, Data, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::value_axis::ValueAxis;
use glasses_contract::locale::fill;
use glasses_contract::say;
use std::collections::BTreeSet;

impl Chart<'_> {
    /// The numbers: a row for each place, a column for each curve and the ends of its band.
    pub fn table(&self, place: &str, unit: &str) -> Table {
        let tokens = match &self.across {
            Across::Tokens(tokens) => Some(*tokens),
            Across::Count { .. } | Across::Bins { .. } => None,
        };
        let mut columns = vec![Column::new(place)];
        columns.extend(tokens.map(|_| Column::new(say!("token"))));
        for curve in &self.curves {
            columns.push(Column::with_unit(&curve.label, unit));
            if !curve.band.is_empty() {
                let ends = [say!("{}, least", curve.label), say!("{}, greatest", curve.label)];
                columns.extend(ends.map(|end| Column::with_unit(end, unit)));
            }
            if !curve.errors.is_empty() {
                columns.push(Column::with_unit(say!("{}, standard error", curve.label), unit));
            }
        }
        let number = |number: Option<f64>| number.map_or(Cell::Missing, Cell::Number);
        let row = |&key: &usize| {
            let mut row = vec![Cell::Count(if tokens.is_some() { key + 1 } else { key })];
            row.extend(tokens.map(|tokens| tokens.get(key).cloned().map_or(Cell::Missing, Cell::Text)));
            for curve in &self.curves {
                let at = curve.points.binary_search_by_key(&key, |point| point.0).ok();
                row.push(number(at.map(|at| curve.points[at].1)));
                if !curve.band.is_empty() {
                    let band = at.and_then(|at| curve.band.get(at));
                    row.extend([number(band.map(|band| band.0)), number(band.map(|band| band.1))]);
                }
                if !curve.errors.is_empty() {
                    row.push(number(at.and_then(|at| curve.errors.get(at).copied())));
                }
            }
            row
        };
        Table { rows: self.places().iter().map(row).collect(), columns }
    }

    /// The first and the last number of each curve, as a clause.
    pub fn story(&self) -> String {
        let told = self.curves.iter().filter_map(|curve| {
            let (from, to) = (curve.points.first()?.1, curve.points.last()?.1);
            let is_zero = curve.points.iter().all(|point| point.1 == 0.0);
            Some(match is_zero {
                true => say!("{} exactly 0 everywhere", curve.label),
                false => say!("{} from {} to {}", curve.label, number::short(from), number::short(to)),
            })
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { say!("no numbers yet").into() } else { told.join(say!("; ")) }
    }

    /// All places that have a number.
    fn places(&self) -> Vec<usize> {
        let of = |curve: &Curve| curve.points.iter().map(|point| point.0).collect::<Vec<usize>>();
        let all: Vec<Vec<usize>> = self.curves.iter().map(of).collect();
        match all.split_first() {
            // Nearly always all curves have the same places.
            Some((first, others)) if others.iter().all(|other| other == first) => first.clone(),
            _ => all.into_iter().flatten().collect::<BTreeSet<usize>>().into_iter().collect(),
        }
    }

    pub(super) fn readout(&self, pen: &Pen, plot: Rect, axis: &ValueAxis, x: &Scale) -> Readout {
        let places = self.places();
        let series = |(number, curve): (usize, &Curve)| {
            let Look { color, dash, .. } = curve.look;
            let mut series = Series { label: curve.label.clone(), color, dash, format: self.format, ..Series::default() };
            let mut next = 0;
            for &place in &places {
                let found = curve.points.get(next).filter(|point| point.0 == place);
                series.values.push(found.map(|point| point.1));
                series.across.push(found.map_or(f64::NAN, |point| pen.pixel((0.0, self.y(axis, number, point.1))).1));
                series.errors.push(found.and_then(|_| curve.errors.get(next).copied()).unwrap_or(0.0));
                series.remarks.push(found.and_then(|_| curve.remarks.get(next).cloned()).unwrap_or_default());
                next += usize::from(found.is_some());
            }
            series
        };
        let titles = match &self.across {
            Across::Count { reads, .. } => Titles::Counted(reads),
            Across::Tokens(tokens) => Titles::Tokens(tokens.to_vec()),
            Across::Bins { first, width, reads, .. } => {
                Titles::Words(places.iter().map(|place| bin(*first, *width, reads, *place)).collect())
            }
        };
        let keys = match &self.across {
            Across::Bins { first, width, .. } => places.iter().map(|place| first + width * place).collect(),
            Across::Count { .. } | Across::Tokens(_) => places.clone(),
        };
        let line = Line {
            along: Along::X,
            places: places.iter().map(|&place| pen.pixel((x.pixel_from_data(place as f64), 0.0)).0).collect(),
            keys,
            titles,
            series: self.curves.iter().enumerate().map(series).collect(),
        };
        let home = self.current.as_ref().and_then(|current| places.iter().position(|&place| place >= current.0));
        Readout {
            plot: pen.pixel_rect(plot),
            x: Some(x.with_pixels(|x| pen.pixel((x, 0.0)).0)),
            y: Some(axis.scale.with_pixels(|y| pen.pixel((0.0, y)).1)),
            home: home.unwrap_or(if self.current.is_some() { places.len().saturating_sub(1) } else { 0 }),
            data: Data::Line(line),
            image: None,
        }
    }
}

/// The numbers that share a place: “answer 64”, or “answer 60 to 64”.
fn bin(first: usize, width: usize, reads: &str, place: usize) -> String {
    let least = first + width * place;
    if width <= 1 { fill(reads, &[&least]) } else { fill(reads, &[&say!("{} to {}", least, least + width - 1)]) }
}
