//! What the body of a routine reaches by itself: relations, and settings of the session.

use std::collections::BTreeSet;

use super::Schema;
use super::deed::all;
use crate::statement::{Change, CreateRoutine, How, Name, Statement};

/// What a routine reads and changes, without the routines that it calls.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::Name;
///
/// let made = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.a') $$;";
/// let schema = Schema::after("a", &[made]);
/// let f = &schema.routines(&Name { schema: "a".into(), name: "f".into() })[0];
/// assert!(f.reach.reads.contains("app.a") && f.reach.relations.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The tables and views.
    pub relations: BTreeSet<Name>,
    /// The settings that it may read, in lower case.
    pub reads: BTreeSet<String>,
    /// The settings that it may change, in lower case.
    pub sets: BTreeSet<String>,
}

impl Reach {
    /// The reach of a new routine.
    pub(super) fn of(create: &CreateRoutine) -> Self {
        let mut reach = Self::default();
        for call in create.value.iter().flat_map(|value| &value.calls) {
            reach.note(&call.name, call.constant(0));
        }
        reach.relations.extend(create.reading.relations.clone());
        let Some(body) = &create.body else {
            return reach;
        };
        for statement in all(&body.statements) {
            reach.follow(statement);
        }
        reach.relations.extend(body.expressions.iter().cloned());
        // PL/pgSQL also calls functions outside of its statements, such as in RETURN.
        for function in ["current_setting", "set_config"] {
            let called = body.words.contains(function);
            for literal in body.literals.iter().filter(|_| called) {
                reach.note(function, Some(&literal.value));
            }
        }
        reach
    }

    fn follow(&mut self, statement: &Statement) {
        let used = statement.uses.iter();
        let used = used.filter(|used| used.how != How::Advances);
        self.relations
            .extend(used.map(|used| used.relation.clone()));
        for clause in &statement.clauses {
            if let Change::Set { setting, .. } = &clause.change {
                self.sets.insert(setting.clone());
            }
            let table = clause.change.table();
            self.relations.extend(table.cloned());
        }
    }

    fn note(&mut self, function: &str, setting: Option<&str>) {
        let setting = setting.map(str::to_lowercase);
        if function == "current_setting" {
            self.reads.extend(setting);
        } else if function == "set_config" {
            self.sets.extend(setting);
        }
    }
}

impl Schema {
    /// What calls of these routines reach, with the routines that they call.
    pub(crate) fn reached(&self, name: &Name) -> Reach {
        let mut reached = Reach::default();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![name.clone()];
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            for routine in self.routines(&name) {
                let own = routine.reach.clone();
                reached.relations.extend(own.relations);
                reached.reads.extend(own.reads);
                reached.sets.extend(own.sets);
                waiting.extend(routine.calls.iter().map(|call| self.called(call)));
            }
        }
        reached
    }
}
