//! `cargo bench --manifest-path benches/judge/Cargo.toml --bench judge`: the time of each kind of history at lengths that
//! double. Where the time for one item grows with the length, the check is not linear.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use onward_analyzer::analyze;
use onward_benches_judge::{lengths, module};
use onward_cases::growth::kinds;

fn judge(criterion: &mut Criterion) {
    for kind in kinds() {
        let mut group = criterion.benchmark_group(kind.word);
        group.sample_size(10);
        for length in lengths(kind) {
            group.throughput(Throughput::Elements(
                u64::try_from(length).unwrap_or(u64::MAX),
            ));
            let module = module(kind, length);
            group.bench_with_input(
                BenchmarkId::from_parameter(length),
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
