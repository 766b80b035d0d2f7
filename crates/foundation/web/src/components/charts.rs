//! Figures. Every chart is an SVG drawn here, without scripts, and has its numbers in a table beside it: the drawing is
//! for the eye, the table for everybody.

use maud::{Markup, html};

use super::{Column, Icon, Table, TableRow, Tone, details, format};

/// A figure with its name: `今日申请 1,204 件`.
#[derive(Clone, Debug)]
pub struct Stat {
    label: String,
    value: String,
    unit: String,
    note: Option<(Tone, String)>,
    href: Option<String>,
}

impl Stat {
    /// A figure, ready to read (see [`mod@format`]), and its unit (may be empty).
    pub fn new(label: impl Into<String>, value: impl Into<String>, unit: impl Into<String>) -> Stat {
        Stat {
            label: label.into(),
            value: value.into(),
            unit: unit.into(),
            note: None,
            href: None,
        }
    }

    /// A remark below: `比昨天多 12 件`.
    pub fn note(self, tone: Tone, note: impl Into<String>) -> Stat {
        Stat {
            note: Some((tone, note.into())),
            ..self
        }
    }

    /// Where the figure comes from.
    pub fn href(self, href: impl Into<String>) -> Stat {
        Stat {
            href: Some(href.into()),
            ..self
        }
    }
}

/// Figures beside each other.
pub fn stat_tiles(stats: &[Stat]) -> Markup {
    html! {
        dl class="stats" {
            @for stat in stats {
                div class="stats__tile" {
                    dt class="stats__label" {
                        @if let Some(href) = &stat.href { a href=(href) { (stat.label) } } @else { (stat.label) }
                    }
                    dd class="stats__value" {
                        (stat.value) @if !stat.unit.is_empty() { span class="stats__unit" { (stat.unit) } }
                    }
                    @if let Some((tone, note)) = &stat.note {
                        dd class={ "stats__note stats__note--" (tone.class()) } {
                            @if *tone != Tone::Neutral { (tone.icon()) } (note)
                        }
                    }
                }
            }
        }
    }
}

/// One value of a chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// How many; negative values are drawn as nothing.
    pub value: i64,
    /// Its colour, where one has a meaning; else each value of a ring takes the next of the series.
    pub tone: Option<Tone>,
}

impl Bar {
    /// A value and its name.
    pub fn new(label: impl Into<String>, value: i64) -> Bar {
        Bar {
            label: label.into(),
            value,
            tone: None,
        }
    }

    /// A colour with a meaning (a light, a state).
    pub fn tone(self, tone: Tone) -> Bar {
        Bar {
            tone: Some(tone),
            ..self
        }
    }

    /// The end of its class: `good`, or its place in the series.
    fn colour(&self, place: usize) -> String {
        match self.tone {
            Some(tone) => tone.class().to_owned(),
            None => (place % 6 + 1).to_string(),
        }
    }
}

/// Values as horizontal bars, which leave room for Chinese names, and as a table.
pub fn bar_chart(title: &str, unit: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    html! {
        figure class="chart" {
            figcaption class="chart__title" { (title) span class="chart__unit" { "（" (unit) "）" } }
            @if bars.is_empty() { p class="muted" { "还没有数据。" } } @else {
                ul class="chart__bars" {
                    @for bar in bars {
                        @let share = bar.value.max(0) as f64 / most as f64 * 100.0;
                        li {
                            span class="chart__name" { (bar.label) }
                            svg class="chart__bar" aria-hidden="true" focusable="false" {
                                rect class="chart__track" width="100%" height="100%" rx="3" {}
                                rect class={ "chart__key chart__key--" (bar.colour(0)) }
                                    width={ (format!("{share:.1}")) "%" } height="100%" rx="3" {}
                            }
                            span class="chart__value" { (format::number(bar.value)) }
                        }
                    }
                }
                (numbers(title, unit, bars))
            }
        }
    }
}

/// Shares of a whole as a ring with a legend, and as a table. At most six shares; join the rest under 其他.
pub fn donut(id: &str, title: &str, unit: &str, shares: &[Bar]) -> Markup {
    // A circle of radius 15.9155 has a circumference of 100, so dash lengths are percentages.
    const RADIUS: &str = "15.9155";
    let whole: i64 = shares
        .iter()
        .map(|share| share.value.max(0))
        .fold(0, i64::saturating_add);
    let mut before = 0.0;
    let arcs: Vec<(f64, f64)> = shares
        .iter()
        .map(|share| {
            let length = share.value.max(0) as f64 / whole.max(1) as f64 * 100.0;
            let start = before;
            before += length;
            (start, length)
        })
        .collect();
    html! {
        figure class="chart" {
            figcaption class="chart__title" { (title) span class="chart__unit" { "（" (unit) "）" } }
            @if whole == 0 { p class="muted" { "还没有数据。" } } @else {
                div class="chart__ring" {
                    svg viewBox="0 0 42 42" role="img" aria-labelledby=(id) {
                        title id=(id) { (title) "，数据见下方表格" }
                        @for (index, (share, (start, length))) in shares.iter().zip(&arcs).enumerate() {
                            // A hair of white parts the shares, and even the smallest can be seen.
                            @let drawn = (length - 0.6).max(0.4);
                            // The dash starts at three o'clock; an offset of 25 turns it to twelve.
                            circle class={ "chart__arc chart__arc--" (share.colour(index)) }
                                cx="21" cy="21" r=(RADIUS) fill="none" stroke-width="6"
                                stroke-dasharray=(format!("{drawn:.2} {:.2}", 100.0 - drawn))
                                stroke-dashoffset=(format!("{:.2}", 25.0 - start)) {}
                        }
                        text class="chart__whole" x="21" y="23.2" text-anchor="middle" { (format::number(whole)) }
                    }
                    ul class="chart__legend" {
                        @for (index, share) in shares.iter().enumerate() {
                            li {
                                svg viewBox="0 0 12 12" aria-hidden="true" focusable="false" {
                                    rect class={ "chart__key chart__key--" (share.colour(index)) } width="12" height="12" rx="3" {}
                                }
                                span { (share.label) } span class="chart__share" { (format::percent(share.value, whole)) }
                            }
                        }
                    }
                }
                (numbers(title, unit, shares))
            }
        }
    }
}

fn numbers(title: &str, unit: &str, values: &[Bar]) -> Markup {
    let table = Table::new(title, [Column::new("名称"), Column::new(unit).numeric()])
        .hide_caption()
        .compact(true)
        .rows(
            values
                .iter()
                .map(|value| TableRow::new().cell(&value.label).cell(format::number(value.value))),
        );
    details("查看数据表", table)
}

/// A small line of values over time, for a tile; the words beside it must say what it shows.
pub fn sparkline(label: &str, values: &[i64]) -> Markup {
    let (least, most) = (
        values.iter().min().copied().unwrap_or(0),
        values.iter().max().copied().unwrap_or(0),
    );
    let range = (most as f64 - least as f64).max(1.0);
    let step = 120.0 / (values.len().saturating_sub(1)).max(1) as f64;
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            format!(
                "{:.1},{:.1}",
                index as f64 * step,
                30.0 - (*value as f64 - least as f64) / range * 26.0
            )
        })
        .collect();
    html! {
        svg class="sparkline" viewBox="-2 0 124 34" role="img" aria-label=(label) {
            polyline points=(points.join(" ")) fill="none" {}
        }
    }
}

/// A share of a whole as a bar with words, for rankings: `meter_row("市民政局", 98, 100, "98%")`.
pub fn meter_row(label: &str, value: u64, max: u64, shown: &str) -> Markup {
    html! {
        div class="meter-row" {
            span class="meter-row__label" { (label) }
            meter aria-label=(label) min="0" max=(max.max(1)) value=(value.min(max)) {}
            span class="meter-row__value" { (shown) }
        }
    }
}

/// Stars of a rating, 1 to 5, with their words.
pub fn stars(count: u8) -> Markup {
    let word = match count {
        5.. => "非常满意",
        4 => "满意",
        3 => "基本满意",
        2 => "不满意",
        _ => "非常不满意",
    };
    html! {
        span class="stars" {
            span aria-hidden="true" {
                @for place in 1..=5 {
                    span class=(if place <= count { "stars__on" } else { "stars__off" }) { (Icon::Star) }
                }
            }
            span class="govuk-visually-hidden" { (count.min(5)) " 星，" } (word)
        }
    }
}
