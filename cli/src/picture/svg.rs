//! The same as a drawing: tables in columns from left to right, each right of what it refers to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Picture, Table, Tenancy};

const LINE: usize = 18;
const LETTER: usize = 7;
const GAP: usize = 70;
const STYLE: &str = "text{font:12px ui-monospace,monospace;fill:#222}.h{font-weight:bold}.k{fill:#555}\
                     rect{fill:#fff;stroke:#888}.tenant{fill:#d7e8ff}.global{fill:#e8e8e8}.none{fill:#f6f1d5}\
                     path{fill:none;stroke:#777;marker-end:url(#a)}";

struct Placed<'a> {
    table: &'a Table,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

pub(crate) fn svg(picture: &Picture) -> String {
    let placed = place(picture);
    let right = placed
        .iter()
        .map(|one| one.x + one.width)
        .max()
        .unwrap_or(0)
        + 20;
    let bottom = placed
        .iter()
        .map(|one| one.y + one.height)
        .max()
        .unwrap_or(0)
        + 20;
    let mut text = open(right, bottom);
    for key in &picture.keys {
        let find = |(schema, name): &(String, String)| {
            placed
                .iter()
                .find(|one| one.table.schema == *schema && one.table.name == *name)
        };
        if let (Some(child), Some(parent)) = (find(&key.child), find(&key.parent)) {
            arrow(&mut text, child, parent, &key.name);
        }
    }
    placed.iter().for_each(|one| draw(&mut text, one));
    text.push_str("</svg>\n");
    text
}

/// The beginning of a drawing of this size.
pub(super) fn open(width: usize, height: usize) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>{STYLE}</style>\n<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0,0L8,4L0,8\"/></marker></defs>\n"
    )
}

/// How far each table is from one that refers to nothing.
fn depths(picture: &Picture) -> BTreeMap<String, usize> {
    let mut depths: BTreeMap<String, usize> =
        picture.tables.iter().map(|one| (one.path(), 0)).collect();
    // A circle ends after as many rounds as there are tables.
    for _ in 0..picture.tables.len().min(12) {
        for key in &picture.keys {
            let [child, parent] =
                [&key.child, &key.parent].map(|(schema, name)| format!("{schema}.{name}"));
            let Some(depth) = depths
                .get(&parent)
                .filter(|_| child != parent)
                .map(|depth| depth + 1)
            else {
                continue;
            };
            if let Some(own) = depths.get_mut(&child) {
                *own = (*own).max(depth.min(picture.tables.len()));
            }
        }
    }
    depths
}

fn place(picture: &Picture) -> Vec<Placed<'_>> {
    let depths = depths(picture);
    let mut columns: BTreeMap<usize, Vec<&Table>> = BTreeMap::new();
    for table in &picture.tables {
        let depth = depths.get(&table.path()).copied().unwrap_or(0);
        columns.entry(depth).or_default().push(table);
    }
    let mut placed = Vec::new();
    let mut x = 20;
    for tables in columns.values() {
        let width = tables.iter().map(|one| width(one)).max().unwrap_or(0);
        let mut y = 20;
        for table in tables {
            let height = LINE * (table.columns.len() + 1) + 6;
            placed.push(Placed {
                table,
                x,
                y,
                width,
                height,
            });
            y += height + 24;
        }
        x += width + GAP;
    }
    placed
}

fn row(table: &Table) -> impl Iterator<Item = (String, String)> + '_ {
    table.columns.iter().map(|column| {
        let marks = [
            (column.is_key, "key"),
            (column.is_foreign, "refers"),
            (column.is_tenant, "tenant"),
        ];
        let marks = marks.iter().filter(|(is, _)| *is).map(|(_, word)| *word);
        let marks = marks.chain((!column.not_null).then_some("null"));
        let right = [column.data_type.to_string()]
            .into_iter()
            .chain(marks.map(str::to_owned));
        (column.name.clone(), right.collect::<Vec<_>>().join(", "))
    })
}

fn width(table: &Table) -> usize {
    let letters = row(table).map(|(name, right)| name.chars().count() + right.chars().count() + 3);
    letters
        .chain([table.path().chars().count() + 2])
        .max()
        .unwrap_or(0)
        * LETTER
        + 16
}

fn draw(text: &mut String, placed: &Placed<'_>) {
    let Placed {
        table,
        x,
        y,
        width,
        height,
    } = placed;
    let class = match table.tenancy {
        Tenancy::Tenant => "tenant",
        Tenancy::Global => "global",
        Tenancy::None => "none",
    };
    let _ = writeln!(
        text,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
    );
    let _ = writeln!(
        text,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{LINE}\"/>"
    );
    let left = x + 8;
    let _ = writeln!(
        text,
        "<text class=\"h\" x=\"{left}\" y=\"{}\">{}</text>",
        y + 13,
        escaped(&table.path())
    );
    for (n, (name, right)) in row(table).enumerate() {
        let at = y + LINE * (n + 1) + 15;
        let _ = writeln!(
            text,
            "<text x=\"{left}\" y=\"{at}\">{}</text>",
            escaped(&name)
        );
        let _ = writeln!(
            text,
            "<text class=\"k\" text-anchor=\"end\" x=\"{}\" y=\"{at}\">{}</text>",
            x + width - 8,
            escaped(&right)
        );
    }
}

fn arrow(text: &mut String, child: &Placed<'_>, parent: &Placed<'_>, name: &str) {
    let (from, to) = (child.y + LINE / 2, parent.y + LINE / 2);
    let (start, end) = (child.x, parent.x + parent.width);
    let (from, half) = match child.x == parent.x {
        true => (from + LINE, 30),
        false => (from, GAP / 2),
    };
    let _ = writeln!(
        text,
        "<path d=\"M{start},{from}C{},{from} {},{to} {end},{to}\"><title>{}</title></path>",
        start.saturating_sub(half),
        end + half,
        escaped(name)
    );
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
