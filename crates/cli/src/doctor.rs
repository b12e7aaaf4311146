//! `pretil doctor`: what this build and this machine are.

use crate::{arguments::DoctorArguments, gateway_file};
use anyhow::Result;
use pretil_encoder::Kernel;
use pretil_guardrail::detect::Detectors;
use pretil_store::Store;
use std::{io::Write, num::NonZeroUsize, path::Path};

pub(crate) async fn run(arguments: &DoctorArguments) -> Result<()> {
    let data = data_directory(&arguments.data_dir).await;
    let gateway = arguments.config.as_deref().map(gateway_file::describe);
    let mut out = std::io::stdout().lock();
    let mut line = |name: &str, value: &str| writeln!(out, "{name:<12} {value}");
    line("pretil", env!("CARGO_PKG_VERSION"))?;
    line(
        "system",
        &format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    )?;
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    line("cores", &cores.to_string())?;
    line("cpu", &cpu_features().join(" "))?;
    line("kernel", Kernel::detect().name())?;
    for (name, detector) in detectors(&pretil_models::detectors()) {
        line(name, &detector)?;
    }
    line("data", &data)?;
    for (name, value) in gateway.transpose()?.unwrap_or_default() {
        line(&name, &value)?;
    }
    Ok(())
}

/// What gives text a score in this build.
fn detectors(detectors: &Detectors) -> [(&'static str, String); 5] {
    const NONE: &str = "none in this build: not evaluated, which blocks unless it is opened";
    let embedder = detectors.embedder.as_ref();
    let embedder = embedder.map_or_else(|| NONE.to_owned(), |it| it.identity().to_owned());
    let classifier = detectors.safety.as_ref();
    let classifier = classifier.map_or_else(|| NONE.to_owned(), |it| it.identity().to_owned());
    let tagger = detectors.tagger.as_ref();
    let tagger = tagger.map_or_else(|| NONE.to_owned(), |it| it.identity().to_owned());
    let judge = detectors.grounding.as_ref();
    let judge = judge.map_or_else(|| NONE.to_owned(), |it| it.identity().to_owned());
    [
        ("topics", embedder),
        ("content", classifier),
        ("names", tagger),
        ("grounding", judge),
        ("reasoning", NONE.to_owned()),
    ]
}

/// The instruction sets that matter to the kernels, and are here.
#[cfg(target_arch = "x86_64")]
fn cpu_features() -> Vec<&'static str> {
    macro_rules! here {
        ($($feature:tt)+) => {
            [$(($feature, std::arch::is_x86_feature_detected!($feature))),+]
        };
    }
    let features = here!(
        "avx2" "avxvnni" "avx512f" "avx512bw" "avx512vl" "avx512vnni"
    );
    let here = features.into_iter().filter(|(_, here)| *here);
    here.map(|(feature, _)| feature).collect()
}

/// No kernel asks for more than the baseline of other architectures.
#[cfg(not(target_arch = "x86_64"))]
fn cpu_features() -> Vec<&'static str> {
    vec!["baseline"]
}

/// Opens the directory and closes it again, if it is there.
async fn data_directory(path: &Path) -> String {
    let shown = path.display();
    if !path.exists() {
        return format!("{shown}: not there yet; `pretil serve` makes it");
    }
    match Store::open(path).await {
        Ok(store) => {
            store.close().await;
            format!("{shown}: in order, and free")
        }
        Err(error) => error.to_string(),
    }
}
