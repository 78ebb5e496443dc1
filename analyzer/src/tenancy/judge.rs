//! The verdict on a table and a command, from all policies that apply to it.

use super::Verdict;
use super::can::Can;
use super::scope::{Bound, Scope};
use super::situation::Situation;
use crate::intake::settings::Tenancy;
use crate::schema::{Part, Relation, RelationId, Schema};
use crate::statement::{Expression, ObjectKind, Policy, PolicyCommand};

/// Judges the tables of a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judge<'a> {
    pub(super) schema: &'a Schema,
    pub(super) tenancy: &'a Tenancy,
}

/// A condition of a policy, and what a session that satisfies it does with the row.
#[derive(Clone, Copy)]
struct Side {
    verb: &'static str,
    /// The condition; `None` if the policy has none.
    of: fn(&Policy) -> Option<&Expression>,
    /// The command that asks it, beside ALL.
    command: PolicyCommand,
}

impl Side {
    fn applies_to(&self, command: PolicyCommand) -> bool {
        command == PolicyCommand::All || command == self.command
    }
}

fn using(policy: &Policy) -> Option<&Expression> {
    policy.using.as_ref()
}

/// PostgreSQL asks `USING` of the new row too, if there is no `WITH CHECK`.
fn checked(policy: &Policy) -> Option<&Expression> {
    policy.check.as_ref().or(policy.using.as_ref())
}

const READS: Side = Side {
    verb: "reads",
    of: using,
    command: PolicyCommand::Select,
};
const INSERTS: Side = Side {
    verb: "inserts",
    of: checked,
    command: PolicyCommand::Insert,
};
const CHANGES: Side = Side {
    verb: "changes",
    of: using,
    command: PolicyCommand::Update,
};
const MOVES: Side = Side {
    verb: "turns its own rows into",
    of: checked,
    command: PolicyCommand::Update,
};
const DELETES: Side = Side {
    verb: "deletes",
    of: using,
    command: PolicyCommand::Delete,
};

const fn sides(command: PolicyCommand) -> &'static [Side] {
    match command {
        PolicyCommand::All => &[READS, INSERTS, CHANGES, MOVES, DELETES],
        PolicyCommand::Select => &[READS],
        PolicyCommand::Insert => &[INSERTS],
        PolicyCommand::Update => &[CHANGES, MOVES],
        PolicyCommand::Delete => &[DELETES],
    }
}

impl<'a> Judge<'a> {
    pub(crate) const fn new(schema: &'a Schema, tenancy: &'a Tenancy) -> Self {
        Self { schema, tenancy }
    }

    /// What is known about a command on a table.
    pub(crate) fn verdict(&self, table: &'a Relation, command: PolicyCommand) -> Verdict {
        let leak = |shown_by: &str| Verdict::Leak {
            policy: None,
            shown_by: shown_by.to_owned(),
        };
        if table.kind == ObjectKind::ForeignTable {
            return leak("a foreign table has no policies");
        }
        if !table.row_security {
            return leak("row-level security is off, so no policy is asked");
        }
        let of_policies = self.of_policies(table, command, &[]);
        match of_policies {
            Verdict::Proven { .. } if !table.forced_row_security => {
                leak("without FORCE no policy is asked for the table's owner")
            }
            Verdict::Proven { .. } | Verdict::Leak { .. } | Verdict::Unverified { .. } => {
                of_policies
            }
        }
    }

    /// What the policies allow to a role that they apply to.
    fn of_policies(
        &self,
        table: &'a Relation,
        command: PolicyCommand,
        asked: &[RelationId],
    ) -> Verdict {
        let policies = table.policies.iter();
        let each = policies.map(|policy| self.of_one(table, policy, command, asked));
        each.fold(Verdict::Proven { closed: true }, worse)
    }

    /// What one policy allows with a command.
    pub(crate) fn of_policy(
        &self,
        table: &'a Relation,
        policy: &'a Part<Policy>,
        command: PolicyCommand,
    ) -> Verdict {
        self.of_one(table, policy, command, &[])
    }

    fn of_one(
        &self,
        table: &'a Relation,
        policy: &'a Part<Policy>,
        command: PolicyCommand,
        asked: &[RelationId],
    ) -> Verdict {
        let definition = &policy.definition;
        let sides = sides(command).iter();
        let each = sides.filter_map(|side| {
            let applies = definition.permissive && side.applies_to(definition.command);
            // A permissive policy without a condition allows nothing.
            let condition = (side.of)(definition).filter(|_| applies)?;
            Some(self.of_side(table, (policy, condition), *side, asked))
        });
        each.fold(Verdict::Proven { closed: true }, worse)
    }

    /// One permissive policy, with the restrictive ones that apply to all of its roles.
    fn of_side(
        &self,
        table: &'a Relation,
        (policy, condition): (&'a Part<Policy>, &'a Expression),
        side: Side,
        asked: &[RelationId],
    ) -> Verdict {
        let others = table.policies.iter().map(|other| &other.definition);
        let restrictive = others.filter(|other| {
            let is_restrictive = !other.permissive && side.applies_to(other.command);
            is_restrictive && covers(other, &policy.definition)
        });
        let conditions: Vec<&Expression> = restrictive
            .filter_map(|other| (side.of)(other))
            .chain([condition])
            .collect();
        let mut verdict = Verdict::Proven { closed: false };
        for situation in Situation::of(table, self.tenancy) {
            let each = conditions
                .iter()
                .map(|condition| self.holds(table, condition, situation, asked));
            let told = situation.told(side.verb, self.tenancy);
            let found = match each.fold(Can::always(), Can::and) {
                Can::Never => continue,
                Can::Unknown(what) => Verdict::Unverified {
                    policy: Some(policy.name.clone()),
                    unknown: format!("whether {told}: that depends on {}", list(what)),
                },
                Can::Yes(what) => Verdict::Leak {
                    policy: Some(policy.name.clone()),
                    shown_by: match what.is_empty() {
                        true => told,
                        false => format!("{told}, where {}", list(what)),
                    },
                },
            };
            verdict = worse(verdict, found);
        }
        verdict
    }

    /// Whether a condition of a policy can be true in a situation.
    fn holds(
        &self,
        table: &'a Relation,
        condition: &'a Expression,
        situation: Situation,
        asked: &[RelationId],
    ) -> Can {
        let scope = Scope {
            session: situation.session,
            expression: condition,
            bound: vec![Bound {
                alias: &table.name.name,
                relation: table,
                row: situation.row,
            }],
            arguments: Vec::new(),
            asked: asked.iter().copied().chain([table.id]).collect(),
            depth: 0,
            as_owner: false,
        };
        self.condition(&condition.value, &scope).is_true
    }

    /// Whether the policies of a table that a policy reads are proved for a session that asks through it.
    pub(super) fn is_proven(
        &self,
        table: &'a Relation,
        command: PolicyCommand,
        scope: &Scope<'a>,
    ) -> bool {
        table.row_security
            && !scope.asked.contains(&table.id)
            && matches!(
                self.of_policies(table, command, &scope.asked),
                Verdict::Proven { .. }
            )
    }

    pub(super) fn is_leak(
        &self,
        table: &'a Relation,
        command: PolicyCommand,
        scope: &Scope<'a>,
    ) -> bool {
        !scope.asked.contains(&table.id)
            && matches!(
                self.of_policies(table, command, &scope.asked),
                Verdict::Leak { .. }
            )
    }
}

/// Whether a restrictive policy applies to every role that a permissive one applies to.
fn covers(restrictive: &Policy, permissive: &Policy) -> bool {
    let is_of_all = |policy: &Policy| {
        policy.roles.is_empty() || policy.roles.iter().any(|role| role == "public")
    };
    let are_inside = permissive
        .roles
        .iter()
        .all(|role| restrictive.roles.contains(role));
    is_of_all(restrictive) || !is_of_all(permissive) && are_inside
}

/// The verdict that says more against the table; of two alike, the first.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Proven { closed: true } => 0,
        Verdict::Proven { closed: false } => 1,
        Verdict::Unverified { .. } => 2,
        Verdict::Leak { .. } => 3,
    };
    if rank(&other) > rank(&one) {
        other
    } else {
        one
    }
}

fn list(what: impl IntoIterator<Item = String>) -> String {
    let what: Vec<String> = what.into_iter().collect();
    what.join(" and ")
}
