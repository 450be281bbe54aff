//! The cases under criterion: `cargo bench -p glasses-bench`.

use criterion::{Criterion, criterion_group, criterion_main};

fn all(criterion: &mut Criterion) {
    for mut case in glasses_bench::cases() {
        let mut group = criterion.benchmark_group("engine");
        group.sample_size(10).warm_up_time(std::time::Duration::from_millis(500));
        group.bench_function(&case.name, |bencher| bencher.iter(&mut case.run));
        group.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
