//! Writes the analyzer's plan, which owns its data, as tokens of the runtime's plan, which is a constant.

use std::path::Path;

use onward_analyzer::Analysis;
use onward_analyzer::effect::LockMode;
use onward_analyzer::plan::{
    Agreement, Data, Job, Key, Migration, Plan, Ranges, Statement, Step, Tenants,
};
use onward_analyzer::statement::Name;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::input::Input;
use crate::{build_script, diagnostic, folder, interface};

/// Expands to a constant expression: the plan, or one `compile_error!` for each finding.
/// `caller` is the source file that calls the macro.
pub(crate) fn expand(input: &Input, caller: Option<&Path>) -> TokenStream {
    let folder = match folder::parsed(&input.folder, input.span, caller) {
        Ok(folder) => folder,
        Err(error) => return error.into_compile_error(),
    };
    let analysis = folder.analysis();
    match &analysis.plan {
        Some(plan) => {
            let literal = input.folder.trim_end_matches('/');
            let unseen = build_script::missing(literal, &folder.found, caller);
            success(plan, analysis, unseen)
        }
        None => failure(analysis, input.span),
    }
}

/// One error for each finding, so that an editor and a problem matcher see each with its place.
fn failure(analysis: &Analysis, span: Span) -> TokenStream {
    let watched = watched(analysis);
    let findings = diagnostic::each(analysis);
    // Without a semicolon after the last one, the block has the type of `compile_error!`, and the compiler
    // does not report a type mismatch as well.
    quote_spanned! {span=>
        { #watched #(::core::compile_error!(#findings));* }
    }
}

fn success(plan: &Plan, analysis: &Analysis, unseen: Option<String>) -> TokenStream {
    let watched = watched(analysis);
    let texts = diagnostic::each(analysis).into_iter().chain(unseen);
    let warnings = warnings(texts, Span::call_site());
    let Plan {
        schema,
        folder,
        digest,
        lock: (k1, k2),
        startup,
        seed,
        release,
        data,
        interface,
        baseline,
        agreements,
    } = plan;
    let baseline = baseline.map(|(through, digest)| {
        let digest = bytes(&digest);
        quote!(.__with_baseline(#through, #digest))
    });
    let digest = bytes(digest);
    let startup = migrations(startup, &quote!(Startup));
    let seed = migrations(seed, &quote!(Seed));
    let release = migrations(release, &quote!(Release));
    let data = data
        .iter()
        .map(|m| migration(m, &data_kind(m.data.as_ref())));
    let data = slice(
        &quote!(::onward::plan::Migration<::onward::kind::Data>),
        data,
    );
    let interface = interface::tokens(interface);
    let agreements = (!agreements.is_empty()).then(|| {
        let all = slice(
            &quote!(::onward::plan::Agreement),
            agreements.iter().map(agreement),
        );
        quote!(.__with_agreements(#all))
    });
    quote! {
        {
            #watched
            #warnings
            const PLAN: ::onward::Plan = ::onward::Plan::__new(
                #schema,
                #folder,
                ::core::concat!(::core::env!("CARGO_PKG_NAME"), "/", ::core::env!("CARGO_PKG_VERSION")),
                #digest,
                (#k1, #k2),
                #startup,
                #seed,
                #release,
                #data,
            ).__with_interface(#interface) #baseline #agreements;
            PLAN
        }
    }
}

/// Includes each file as bytes: the compiler then tracks it, and an edit makes cargo expand the macro again.
fn watched(analysis: &Analysis) -> TokenStream {
    let paths = analysis
        .module
        .watched
        .iter()
        .filter_map(|path| path.to_str());
    quote!(const _: &[&[u8]] = &[#(::core::include_bytes!(#paths)),*];)
}

/// On stable Rust, a macro can emit a warning only by using something that is deprecated. The name stands in
/// the compiler's line, which says "deprecated" of it.
pub(crate) fn warnings(texts: impl Iterator<Item = String>, span: Span) -> TokenStream {
    quote_spanned! {span=>
        #({
            #[deprecated(note = #texts)]
            const ONWARD_WARNING_NOTHING_IS_DEPRECATED: () = ();
            ONWARD_WARNING_NOTHING_IS_DEPRECATED
        };)*
    }
}

/// A slice of these values as a constant item. What a `const fn` returns is not promoted to `'static`, and
/// with `const` blocks instead of items the compiler's time is quadratic: see ADR 18.
pub(crate) fn slice(
    of: &TokenStream,
    values: impl ExactSizeIterator<Item = TokenStream>,
) -> TokenStream {
    if values.len() == 0 {
        return quote!(&[]);
    }
    quote!({ const ITEMS: &[#of] = &[#(#values),*]; ITEMS })
}

fn migrations(migrations: &[Migration], kind: &TokenStream) -> TokenStream {
    let kind = quote!(::onward::kind::#kind);
    let values = migrations.iter().map(|m| migration(m, &kind));
    slice(&quote!(::onward::plan::Migration<#kind>), values)
}

fn migration(migration: &Migration, kind: &TokenStream) -> TokenStream {
    let Migration {
        version,
        name,
        checksum,
        requires,
        data: _,
        step: body,
    } = migration;
    let number = version.number;
    let checksum = bytes(checksum);
    let step = step(body);
    let requires = requires.iter().map(|version| {
        let number = version.number;
        quote!(::onward::Version::__new(::onward::Category::Data, #number))
    });
    let requires = slice(&quote!(::onward::Version), requires);
    quote! {
        ::onward::plan::Migration::__new(#number, #name, #checksum, #requires, #step, #kind)
    }
}

fn agreement(agreement: &Agreement) -> TokenStream {
    let Agreement {
        file,
        table,
        demand,
        rows,
    } = agreement;
    let table = relation_name(table);
    quote!(::onward::plan::Agreement::__new(#file, #table, #demand, #rows))
}

/// Only the files of data migrations have a job; the others never come here.
fn data_kind(data: Option<&Data>) -> TokenStream {
    let unfinished = data.and_then(|data| data.unfinished.as_ref());
    let unfinished = match unfinished {
        Some(query) => quote!(::core::option::Option::Some(#query)),
        None => quote!(::core::option::Option::None),
    };
    let job = data.map_or_else(|| job(&Job::Whole), |data| job(&data.job));
    let skip = data.map_or(0, |data| data.skip);
    let approve = data.is_some_and(|data| data.approve);
    let healthy = data.map_or(&[][..], |data| &data.healthy);
    quote!(::onward::kind::Data::__new(#job, #unfinished, #skip, #approve, &[#(#healthy),*]))
}

fn job(job: &Job) -> TokenStream {
    match job {
        Job::Whole => quote!(::onward::plan::Job::Whole),
        Job::Repeated => quote!(::onward::plan::Job::Repeated),
        Job::Code => quote!(::onward::plan::Job::Code),
        Job::Background => quote!(::onward::plan::Job::Background),
        Job::Ranges(Ranges {
            rows,
            table,
            alias,
            keys,
            head,
            tail,
            tenants,
        }) => {
            let table = relation_name(table);
            let keys = keys.iter().map(|Key { column, data_type }| {
                quote!(::onward::plan::Key { column: #column, data_type: #data_type })
            });
            let of_tenants = tenants
                .as_ref()
                .map(|Tenants { query, setting }| quote!(.__of_tenants(#query, #setting)));
            quote! {
                ::onward::plan::Job::Ranges(::onward::plan::Ranges::__new(
                    #rows, #table, #alias, &[#(#keys),*], [#head, #tail],
                )#of_tenants)
            }
        }
    }
}

fn step(step: &Step) -> TokenStream {
    match step {
        Step::Transaction(statements) => {
            let statements = slice(
                &quote!(::onward::plan::Statement),
                statements.iter().map(self::statement),
            );
            quote!(::onward::plan::Step::Transaction(#statements))
        }
        Step::BuildIndex {
            statement,
            index,
            schema,
            table,
            around: [head, middle, tail],
        } => {
            let statement = self::statement(statement);
            quote! {
                ::onward::plan::Step::BuildIndex(::onward::plan::IndexBuild::__new(
                    #statement,
                    [#index, #schema, #table],
                    [#head, #middle, #tail],
                ))
            }
        }
        Step::DropIndex {
            statement,
            schema,
            index,
        } => {
            let statement = self::statement(statement);
            quote! {
                ::onward::plan::Step::DropIndex {
                    statement: #statement,
                    schema: #schema,
                    index: #index,
                }
            }
        }
        Step::DetachPartition {
            statement,
            parent,
            partition,
        } => {
            let statement = self::statement(statement);
            let [parent, partition] = [parent, partition].map(relation_name);
            quote! {
                ::onward::plan::Step::DetachPartition {
                    statement: #statement,
                    parent: #parent,
                    partition: #partition,
                }
            }
        }
        Step::NonTransactional {
            statement,
            repeatable,
        } => {
            let statement = self::statement(statement);
            quote!(::onward::plan::Step::NonTransactional { statement: #statement, repeatable: #repeatable })
        }
        Step::Sequence(steps) => {
            let statements = step.statements().into_iter().map(self::statement);
            let statements = slice(&quote!(::onward::plan::Statement), statements);
            let steps = slice(&quote!(::onward::plan::Step), steps.iter().map(self::step));
            quote! {
                ::onward::plan::Step::Sequence {
                    statements: #statements,
                    steps: #steps,
                }
            }
        }
    }
}

fn relation_name(Name { schema, name }: &Name) -> TokenStream {
    quote!(::onward::plan::RelationName { schema: #schema, name: #name })
}

fn statement(statement: &Statement) -> TokenStream {
    let Statement {
        sql,
        line,
        column,
        locks,
        rewrites,
        scans,
        opaque,
    } = statement;
    let made = quote!(::onward::plan::Statement::__new(#sql, #line, #column));
    if locks.is_empty() && rewrites.is_empty() && scans.is_empty() && !opaque {
        return made;
    }
    let locks = locks.iter().map(|(relation, mode)| {
        let mode = lock_mode(*mode);
        quote!(::onward::plan::Lock::__new(#relation, ::onward::plan::LockMode::#mode))
    });
    let locks = slice(&quote!(::onward::plan::Lock), locks);
    quote! {
        #made.__with_effect(
            #locks,
            &[#(#rewrites),*],
            &[#(#scans),*],
            #opaque,
        )
    }
}

/// The name of the mode, which is the same in the analyzer and in the runtime.
fn lock_mode(mode: LockMode) -> Ident {
    let name = match mode {
        LockMode::AccessShare => "AccessShare",
        LockMode::RowShare => "RowShare",
        LockMode::RowExclusive => "RowExclusive",
        LockMode::ShareUpdateExclusive => "ShareUpdateExclusive",
        LockMode::Share => "Share",
        LockMode::ShareRowExclusive => "ShareRowExclusive",
        LockMode::Exclusive => "Exclusive",
        LockMode::AccessExclusive => "AccessExclusive",
    };
    Ident::new(name, Span::call_site())
}

/// Writes the bytes as `*b"..."`, which is two tokens, where an array of numbers would be 64.
fn bytes(bytes: &[u8; 32]) -> TokenStream {
    let literal = Literal::byte_string(bytes);
    quote!(*#literal)
}
