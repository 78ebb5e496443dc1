//! The situations in which no condition of a policy may be true.

use crate::intake::settings::Tenancy;
use crate::schema::{ConstraintKind, Relation};

/// The setting of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    /// It names a tenant.
    Tenant,
    /// It was never set on this connection.
    Unset,
    /// `''`: what PostgreSQL leaves on the connection after `SET LOCAL` (measured on 15 and 18).
    Empty,
}

/// The tenant of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The tenant that the session names.
    Same,
    /// Another tenant.
    Other,
    /// Null.
    Null,
    /// `''`.
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Situation {
    pub(super) session: Session,
    pub(super) row: Row,
}

impl Situation {
    /// Those that a table of tenants can be in, the plainest first.
    pub(super) fn of(table: &Relation, tenancy: &Tenancy) -> Vec<Self> {
        let column = table.column(&tenancy.column);
        let is_nullable = column.is_some_and(|column| !column.not_null);
        let data_type = column.and_then(|column| column.data_type.as_ref());
        let is_text = data_type.is_some_and(|data_type| {
            let texts = ["text", "character varying", "character", "bpchar"];
            data_type.schema.is_none() && texts.contains(&data_type.name.as_str())
        });
        let is_checked = table.constraints.iter().any(|one| {
            let is_check = matches!(one.kind, ConstraintKind::Check { .. });
            is_check && column.is_some_and(|column| one.columns.contains(&column.id))
        });
        let mut rows = vec![Row::Other];
        rows.extend(is_nullable.then_some(Row::Null));
        let all = [Session::Tenant, Session::Unset, Session::Empty];
        let mut situations: Vec<Self> = all
            .into_iter()
            .flat_map(|session| rows.iter().map(move |row| Self { session, row: *row }))
            .collect();
        if is_text && !is_checked {
            situations.push(Self {
                session: Session::Empty,
                row: Row::Empty,
            });
        }
        situations
    }

    /// Who does what with which rows.
    pub(super) fn told(self, verb: &str, tenancy: &Tenancy) -> String {
        let Tenancy {
            setting, column, ..
        } = tenancy;
        let who = match self.session {
            Session::Tenant => "tenant 1".to_owned(),
            Session::Unset => format!("a session that never set {setting}"),
            Session::Empty => {
                format!("a reused connection, on which {setting} is '' and not null,")
            }
        };
        let rows = match self.row {
            Row::Same => "its own rows".to_owned(),
            Row::Other => "rows of tenant 2".to_owned(),
            Row::Null => format!("rows whose {column} is null"),
            Row::Empty => format!("rows whose {column} is ''"),
        };
        format!("{who} {verb} {rows}")
    }
}
