//! Bars by day: one inline SVG, the same from the server and in the browser. Positions are in per cent, so that it fills any
//! width while its labels keep their size; colours and type are set by the style sheet. A table with the same figures is hidden
//! in it, for screen readers and touch.

use domain::operator::Language;
use leptos::prelude::*;
use words::format;

use crate::page_context::{page_context, strings};

/// One row of bars: a value for each day.
#[derive(Debug, Clone)]
pub struct Series {
    pub label: &'static str,
    pub values: Vec<i64>,
    /// Drawn below the line though counted upwards: what is removed.
    pub below: bool,
}

impl Series {
    pub fn above(label: &'static str, values: Vec<i64>) -> Self {
        Self { label, values, below: false }
    }

    pub fn below(label: &'static str, values: Vec<i64>) -> Self {
        Self { label, values, below: true }
    }

    /// Above or below the line, as it is drawn.
    fn drawn(&self, day: usize) -> i64 {
        let value = self.values.get(day).copied().unwrap_or_default();
        if self.below { -value } else { value }
    }

    fn sum(&self) -> i64 {
        self.values.iter().sum()
    }

    fn class(&self) -> &'static str {
        if self.below { "chart-bar chart-bar-below" } else { "chart-bar" }
    }
}

/// The vertical axis: round numbers from `bottom` to `top`, `step` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    bottom: i64,
    top: i64,
    step: i64,
}

impl Scale {
    /// Spans at most about this many steps.
    const STEPS: i64 = 4;

    /// Holds zero, `low` and `high`.
    fn around(low: i64, high: i64) -> Self {
        let (low, high) = (low.min(0), high.max(0));
        let at_least = (high - low).max(1);
        let mut step = 1_i64;
        // 1, 2, 5, 10, 20, 50…: integers only, because things are counted.
        for factor in [2, 5, 10].into_iter().cycle() {
            if step * Self::STEPS >= at_least {
                break;
            }
            let unit = 10_i64.pow(step.ilog10());
            step = unit * factor;
        }
        let up = |n: i64| (n + step - 1) / step * step;
        let top = up(high);
        let bottom = -up(-low);
        // A line alone is no axis.
        Self { bottom, top: if top == bottom { step } else { top }, step }
    }

    fn ticks(self) -> impl Iterator<Item = i64> {
        (0..=(self.top - self.bottom) / self.step).map(move |n| self.bottom + n * self.step)
    }

    /// The vertical position of a value, per cent.
    fn down(self, value: i64) -> f64 {
        (self.top - value) as f64 * 100.0 / (self.top - self.bottom) as f64
    }
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

/// A chart with its title, what it shows in words, and its table.
#[component]
pub fn DayChart(
    /// Unique on the page: ids are made from it.
    id: &'static str,
    title: &'static str,
    /// Under the title; nothing where the title says it all.
    #[prop(optional, into)]
    help: String,
    /// Days since 1970 in UTC, the last one today.
    days: Vec<i64>,
    series: Vec<Series>,
    /// A quota: drawn as a line wherever it is near.
    #[prop(optional)]
    limit: Option<i64>,
) -> impl IntoView {
    let t = &strings().overview;
    let several = series.len() > 1;
    let sums = series
        .iter()
        .map(|row| {
            let words = if several { (t.sum)(row.label, format::signed(row.sum())) } else { format::signed(row.sum()) };
            let key = several.then(|| view! { <span class=format!("chart-key {}", row.class()) aria-hidden="true"></span> });
            view! { <li>{key} {words}</li> }
        })
        .collect_view();
    view! {
        <section class="panel chart-panel" aria-labelledby=id>
            <div class="chart-head">
                <h3 id=id>{title}</h3>
                <ul class="chart-sums">{sums}</ul>
                {(!help.is_empty()).then_some(view! { <p class="chart-help">{help}</p> })}
            </div>
            <Plot id=id title=title days=days.clone() series=series.clone() limit=limit />
            <details class="chart-details">
                <summary>{t.as_table} <span class="visually-hidden">": " {title}</span></summary>
                <Figures title=title days=days series=series />
            </details>
        </section>
    }
}

/// What a chart says to those who do not see it.
fn told(language: Language, days: &[i64], series: &[Series]) -> String {
    let t = &strings().overview;
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
    let rows = series.iter().map(|row| {
        let most = days.iter().zip(&row.values).max_by_key(|(_, value)| **value).filter(|(_, value)| **value > 0);
        let most = most.map(|(day, value)| (format::day(language, *day), format::signed(*value)));
        (t.told)(row.label, format::signed(row.sum()), most)
    });
    let shown = (t.days_shown)(format::day(language, *first), format::day(language, *last));
    std::iter::once(shown).chain(rows).collect::<Vec<_>>().join(" ")
}

#[component]
fn Plot(id: &'static str, title: &'static str, days: Vec<i64>, series: Vec<Series>, limit: Option<i64>) -> impl IntoView {
    let language = page_context().language();
    let t = &strings().overview;
    let drawn = || series.iter().flat_map(|row| (0..days.len()).map(|day| row.drawn(day)));
    let (low, high) = (drawn().min().unwrap_or(0), drawn().max().unwrap_or(0));
    // A quota far above everything would press the bars flat; then only the text names it.
    let limit = limit.filter(|limit| high * 2 >= *limit);
    let scale = Scale::around(low, high.max(limit.unwrap_or(0)));
    let empty = low == 0 && high == 0;
    // Values below the line were counted upwards.
    let counted = series.iter().any(|row| row.below);
    let lines = scale
        .ticks()
        .map(|tick| {
            let y = percent(scale.down(tick));
            let words = format::short(language, if counted { tick.abs() } else { tick });
            let class = if tick == 0 { "chart-zero" } else { "chart-line" };
            view! {
                <g>
                    <line class=class x1="0" x2="100%" y1=y.clone() y2=y.clone() />
                    <text class="chart-word" x="-8" y=y dy="4" text-anchor="end">{words}</text>
                </g>
            }
        })
        .collect_view();
    let slot = 100.0 / days.len().max(1) as f64;
    let bars = (0..days.len())
        .map(|place| {
            let left = slot * place as f64;
            let values: Vec<String> = series
                .iter()
                .map(|row| (t.sum)(row.label, format::signed(row.values.get(place).copied().unwrap_or_default())))
                .collect();
            let words = format!("{} · {}", format::day(language, days[place]), values.join(", "));
            let rects = series.iter().filter(|row| row.drawn(place) != 0).map(|row| {
                let (zero, end) = (scale.down(0), scale.down(row.drawn(place)));
                // So that one among thousands is visible.
                let height = (zero - end).abs().max(1.2);
                let y = if end < zero { zero - height } else { zero };
                view! {
                    <rect
                        class=row.class()
                        x=percent(left + slot * 0.18)
                        y=percent(y)
                        width=percent(slot * 0.64)
                        height=percent(height)
                    />
                }
            });
            view! {
                <g class="chart-day">
                    <title>{words}</title>
                    <rect class="chart-slot" x=percent(left) y="0" width=percent(slot) height="100%" />
                    {rects.collect_view()}
                </g>
            }
        })
        .collect_view();
    // Every seventh day back from today.
    let labels = (0..days.len())
        .rev()
        .step_by(7)
        .map(|place| {
            let today = place + 1 == days.len();
            let words = if today { t.today.to_owned() } else { format::day(language, days[place]) };
            let (x, anchor) = if today { (100.0, "end") } else { (slot * (place as f64 + 0.5), "middle") };
            view! { <text class="chart-word" x=percent(x) y="100%" dy="20" text-anchor=anchor>{words}</text> }
        })
        .collect_view();
    let limit = limit.map(|limit| {
        let y = percent(scale.down(limit));
        let words = (t.limit)(format::signed(limit));
        view! {
            <g>
                <line class="chart-limit" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
                <text class="chart-word" x="0" y=y dy="-6">{words}</text>
            </g>
        }
    });
    let nothing = empty.then(|| view! { <text class="chart-word" x="50%" y="50%" text-anchor="middle">{t.nothing}</text> });
    let (title_id, told_id) = (format!("{id}-title"), format!("{id}-told"));
    let (named, described) = (title_id.clone(), told_id.clone());
    view! {
        <div class="chart-frame">
            <svg class="chart" role="img" aria-labelledby=named aria-describedby=described focusable="false">
                <title id=title_id>{title}</title>
                <desc id=told_id>{told(language, &days, &series)}</desc>
                {lines}
                {bars}
                {limit}
                {labels}
                {nothing}
            </svg>
        </div>
    }
}

#[component]
fn Figures(title: &'static str, days: Vec<i64>, series: Vec<Series>) -> impl IntoView {
    let language = page_context().language();
    let t = &strings().overview;
    let heads = series.iter().map(|row| view! { <th scope="col" class="number">{row.label}</th> }).collect_view();
    let sums = series.iter().map(|row| view! { <td class="number">{format::signed(row.sum())}</td> }).collect_view();
    // Newest first, as everywhere.
    let rows = days
        .iter()
        .enumerate()
        .rev()
        .map(|(place, &day)| {
            let cells = series.iter().map(|row| {
                let value = row.values.get(place).copied().unwrap_or_default();
                view! { <td class="number" class:muted=value == 0>{format::signed(value)}</td> }
            });
            view! {
                <tr>
                    <th scope="row"><time datetime=format::iso_day(day)>{format::day(language, day)}</time></th>
                    {cells.collect_view()}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame chart-table" role="region" aria-label=title tabindex="0">
            <table class="data-table">
                <thead>
                    <tr><th scope="col">{t.day}</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr><th scope="row">{t.total}</th>{sums}</tr>
                </tfoot>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_hold_what_they_must() {
        let scale = |low, high| {
            let scale = Scale::around(low, high);
            (scale.bottom, scale.top, scale.step)
        };
        assert_eq!(scale(0, 0), (0, 1, 1));
        assert_eq!(scale(0, 1), (0, 1, 1));
        assert_eq!(scale(0, 4), (0, 4, 1));
        assert_eq!(scale(0, 7), (0, 8, 2));
        assert_eq!(scale(-2, 4), (-2, 4, 2));
        assert_eq!(scale(-3, 0), (-3, 0, 1));
        assert_eq!(scale(0, 10_000), (0, 10_000, 5_000));
        assert_eq!(scale(-17, 180), (-50, 200, 50));
        for high in 1..5_000 {
            let scale = Scale::around(-high / 3, high);
            assert!(scale.bottom <= -high / 3 && scale.top >= high && scale.ticks().count() <= 7, "{high}: {scale:?}");
        }
    }

    #[test]
    fn the_largest_numbers_have_a_scale() {
        let scale = Scale::around(0, i64::MAX / 1_000);
        assert!(scale.top >= i64::MAX / 1_000 && scale.ticks().count() <= 6);
    }

    #[test]
    fn values_lie_where_they_belong() {
        let scale = Scale::around(-50, 150);
        assert_eq!([150, 0, -50].map(|value| percent(scale.down(value))), ["0.00%", "75.00%", "100.00%"]);
    }
}
