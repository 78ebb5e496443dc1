//! `cargo bench --manifest-path benches/judge/Cargo.toml --bench judge`: the time of each kind of statement in histories that
//! double in length. Where the time for a statement grows with the length, the check is not linear.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use onward_analyzer::analyze;
use onward_benches_judge::Kind;

const ITEMS: [usize; 4] = [1000, 2000, 4000, 8000];

fn judge(criterion: &mut Criterion) {
    for (word, kind) in Kind::ALL {
        let mut group = criterion.benchmark_group(word);
        group.sample_size(10);
        for items in ITEMS {
            let statements = u64::try_from(items).unwrap_or(u64::MAX) * kind.statements();
            group.throughput(Throughput::Elements(statements));
            let module = kind.module(items);
            group.bench_with_input(
                BenchmarkId::from_parameter(items),
                &module,
                |bench, module| {
                    bench.iter_batched(|| module.clone(), analyze, BatchSize::PerIteration);
                },
            );
        }
        group.finish();
    }
}

criterion_group!(benches, judge);
criterion_main!(benches);
