//! The queries of `[data] healthy`, with the schema that all files leave.

use crate::finding::{Finding, Place, Severity};
use crate::intake::module::Module;
use crate::intake::question::{Purpose, Question};
use crate::intake::settings;
use crate::rules;
use crate::schema::Schema;
use crate::statement::Scope;

/// A finding for each query that the worker would be refused, at its place in the settings.
pub(super) fn gates(module: &Module, schema: &Schema) -> Vec<Finding> {
    let scope = Scope::from(&module.schema);
    let queries = module.settings.healthy.iter();
    let wrong = queries.filter_map(|(span, query)| {
        let question = Question::at(Purpose::Healthy, query, 0, &scope);
        let [statement] = question.statements.as_slice() else {
            return None;
        };
        let message = rules::wrong_gate(schema, module.settings.min_pg, statement)?;
        let place = Place::at(module.path(settings::FILE), span.clone());
        Some(Finding::new(
            settings::FINDING,
            Severity::Forbid,
            place,
            message,
        ))
    });
    wrong.collect()
}
