//! Routines that reach tables of tenants with the rights of their owner.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::intake::settings::Tenancy;
use crate::rules::facts::tenant::{are_forced, changed_routines, tenant_tables_behind};
use crate::schema::Routine;
use crate::statement::Name;

pub(super) static RULE: Rule = Rule {
    id: "definer-reaches-tenants",
    summary: "a SECURITY DEFINER routine reads or writes a table of tenants",
    page: include_str!("definer_reaches_tenants.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let routines = changed_routines(around).into_iter();
    routines
        .filter_map(|(name, known, span)| Some((span, about(around, tenancy, name, known)?)))
        .collect()
}

fn about(
    around: &FileContext<'_>,
    tenancy: &Tenancy,
    name: &Name,
    known: &[Routine],
) -> Option<Message> {
    let definer = known.iter().find(|routine| routine.security_definer)?;
    let reached = around.schema.reached(name);
    let tables = tenant_tables_behind(around, &reached.relations);
    let first = &tables.first()?.name;
    let sets = |setting: &str| *setting == tenancy.setting;
    let sets_tenant = reached.sets.iter().any(|setting| sets(setting))
        || definer.settings.iter().any(|setting| sets(&setting.name));
    if sets_tenant {
        return Some(Message::new(
            format!(
                "{name} runs as its owner, changes {}, and reaches {first}",
                tenancy.setting
            ),
            "its caller reaches the rows of each tenant that the routine sets, whatever tenant the session is of",
            format!(
                "take the tenant from the session: leave {} as it is",
                tenancy.setting
            ),
        ));
    }
    let all_forced = are_forced(&tables);
    let why = match all_forced {
        true => {
            "policies are asked for the owner of the routine, because they are forced; but never for a superuser or a \
             role with BYPASSRLS: a routine of such an owner reaches the rows of all tenants"
        }
        false => {
            "policies are not asked for the owner of the table, for a superuser or a role with BYPASSRLS, and `TO role` \
             is compared with the owner of the routine: its caller reaches the rows of all tenants"
        }
    };
    let message = Message::new(
        format!("{name} reaches {first} with the rights of its owner"),
        why,
        "write SECURITY INVOKER and grant the rights to the roles that call it; or, if the owner is an ordinary role, \
         allow this with the reason why the caller may not do it itself",
    );
    Some(message.mild(all_forced, Severity::Warn))
}
