//! The table: what was measured, the limit next to it, and whether the ratio is good enough.

/// How a ratio is judged.
#[derive(Clone, Copy)]
pub enum Target {
    /// Ours over the limit: at least this (throughput).
    AtLeast(f64),
    /// Ours over the limit: at most this (time, size).
    AtMost(f64),
    /// Ours alone, in the row's unit.
    Within(f64),
    /// Ours alone at most the first, and ours over the limit at most the second.
    Both(f64, f64),
    /// Nothing is to be reached; it is good to know.
    Told,
}

struct Row {
    name: String,
    ours: f64,
    limit: Option<f64>,
    unit: &'static str,
    target: Target,
    note: String,
}

#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a row; it is printed at once on standard error, because the whole takes a while.
    pub fn row(
        &mut self,
        name: impl Into<String>,
        unit: &'static str,
        ours: f64,
        limit: Option<f64>,
        target: Target,
        note: impl Into<String>,
    ) {
        let row = Row { name: name.into(), ours, limit, unit, target, note: note.into() };
        eprintln!("  {}", row.cells().join("  "));
        self.rows.push(row);
    }

    pub fn print(&self, title: &str) {
        let head = ["row", "ours", "limit", "ratio", "to reach", "", "note"].map(str::to_owned);
        let lines: Vec<[String; 7]> = std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..7).map(width).collect();
        println!("\n{title}\n");
        for (number, line) in lines.iter().enumerate() {
            let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
            println!("{}", cells.join("  ").trim_end());
            if number == 0 {
                println!("{}", widths.iter().map(|&width| "-".repeat(width)).collect::<Vec<_>>().join("  "));
            }
        }
        let short = self.rows.iter().filter(|row| row.reached() == Some(false)).count();
        println!("\n{} rows, {short} short of what they are to reach", self.rows.len());
    }

    /// A JSON object a row, for programs: its name, the figures in its unit, and whether the target is reached (null: there is none).
    pub fn print_json(&self) {
        for row in &self.rows {
            let Row { name, ours, limit, unit, .. } = row;
            println!(
                "{}",
                serde_json::json!({ "name": name, "ours": ours, "limit": limit, "unit": unit, "reached": row.reached() })
            );
        }
    }
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        self.limit.filter(|limit| *limit > 0.0).map(|limit| self.ours / limit)
    }

    fn reached(&self) -> Option<bool> {
        match self.target {
            Target::AtLeast(least) => self.ratio().map(|ratio| ratio >= least),
            Target::AtMost(most) => self.ratio().map(|ratio| ratio <= most),
            Target::Within(most) => Some(self.ours <= most),
            Target::Both(most, ratio) => self.ratio().map(|found| self.ours <= most && found <= ratio),
            Target::Told => None,
        }
    }

    fn cells(&self) -> [String; 7] {
        let figure = |value: f64| format!("{} {}", figure(value), self.unit);
        let target = match self.target {
            Target::AtLeast(least) => format!("≥ {least} ×"),
            Target::AtMost(most) => format!("≤ {most} ×"),
            Target::Within(most) => format!("≤ {}", figure(most)),
            Target::Both(most, ratio) => format!("≤ {}, {ratio} ×", figure(most)),
            Target::Told => String::new(),
        };
        let verdict = match self.reached() {
            Some(true) => "ok",
            Some(false) => "short",
            None => "",
        };
        [
            self.name.clone(),
            figure(self.ours),
            self.limit.map(figure).unwrap_or_default(),
            self.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            target,
            verdict.to_owned(),
            self.note.clone(),
        ]
    }
}

/// Three digits that mean something.
fn figure(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
