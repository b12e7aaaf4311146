//! The committed tables: every set of a directory measured, compared with what was measured before,
//! and held against thresholds.
//!
//! The directory holds `sets.toml` (which sets), `thresholds.toml` (what must be reached), one CSV
//! file of figures per set, one of scores (`….rows.csv`) for sets that keep them, and `TABLE.md`.
//! Sets of third parties lie in a data directory of their own; without it they are skipped.

mod csv;
mod per_row;
mod sets;
mod summary;
mod thresholds;

use crate::{
    Evaluation, NoDetector, Setting, Task, binary,
    content::{self, Columns, Judgements},
    evasion,
    figures::Measured,
    grounding,
    parallel::Progress,
    pii, rows, topic,
};
use anyhow::{Context, Result, ensure};
use csv::Table;
use pretil_guardrail::{Detectors, Guardrail};
use sets::{SetFile, SetSpec};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use thresholds::{Standing, ThresholdFile};

/// Changed figures of a set that are listed.
const LISTED: usize = 20;

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'p> {
    /// Where `sets.toml` is.
    pub directory: &'p Path,
    /// Where the sets of third parties are.
    pub external: Option<&'p Path>,
    /// Only these sets; all if empty.
    pub only: &'p [String],
    /// Write the tables instead of comparing with them.
    pub write: bool,
    /// Threads.
    pub jobs: usize,
}

/// A figure of a set.
struct Measurement {
    task: Task,
    measured: Measured,
}

/// A set that ran.
struct TableRun {
    name: String,
    measurements: Vec<Measurement>,
}

impl TableRun {
    /// A set that no detector of this build judges: its thresholds are missed.
    fn empty(set: &SetSpec) -> Self {
        Self {
            name: set.name.clone(),
            measurements: Vec::new(),
        }
    }
}

/// Runs every set of `plan`, reports to `out`, and gives the number of thresholds that were missed.
pub fn run(
    plan: Plan<'_>,
    detectors: &Detectors,
    progress: Progress<'_>,
    out: &mut dyn Write,
) -> Result<usize> {
    let file = SetFile::read(plan.directory)?;
    let thresholds = ThresholdFile::read(plan.directory)?;
    let known = |name: &str| file.sets.iter().any(|set| set.name == name);
    for name in plan.only {
        ensure!(known(name), "there is no set {name}");
    }
    for threshold in &thresholds.thresholds {
        ensure!(
            known(threshold.set()),
            "thresholds.toml: there is no set {}",
            threshold.set()
        );
    }
    let bare = content::bare_guardrail(detectors)?;
    let mut runner = Runner {
        plan,
        setting: Setting {
            detectors,
            guardrail: None,
            jobs: plan.jobs,
            progress,
        },
        bare: &bare,
        judged: BTreeMap::new(),
        operating: BTreeMap::new(),
    };
    runner.find_operating_point(&file)?;
    let mut runs = Vec::new();
    for set in file.sets.iter().filter(|set| plan.includes(&set.name)) {
        let ran = match runner.run(set) {
            Ok(Some(ran)) => ran,
            Ok(None) => {
                writeln!(out, "{:<36} skipped: its files are not here", set.name)?;
                continue;
            }
            Err(error) => {
                let missing = error.downcast_ref::<NoDetector>();
                let Some(missing) = missing else {
                    return Err(error);
                };
                writeln!(out, "{:<36} not measured: {missing}", set.name)?;
                runs.push(TableRun::empty(set));
                continue;
            }
        };
        report(out, &ran)?;
        runner.keep(set, &ran, out)?;
        runs.push(ran.run);
        runner.judged.remove(&set.name);
    }
    if plan.write {
        write_summary(plan.directory, &file)?;
    }
    check(out, &thresholds, &runs)
}

impl Plan<'_> {
    fn includes(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

/// What a set gave.
struct Ran {
    run: TableRun,
    rows: usize,
    per_row: Option<Table>,
}

struct Runner<'r> {
    plan: Plan<'r>,
    setting: Setting<'r>,
    bare: &'r Guardrail,
    /// Sets that were judged for the operating point, kept until their own turn.
    judged: BTreeMap<String, Judgements<'r>>,
    /// Label → the threshold of the operating point.
    operating: BTreeMap<&'static str, f32>,
}

impl<'r> Runner<'r> {
    /// Judges the harmless sets first. Where one of them is not here, or not asked for, there is no
    /// operating point.
    fn find_operating_point(&mut self, file: &SetFile) -> Result<()> {
        let Some(point) = &file.operating_point else {
            return Ok(());
        };
        let sets = file
            .sets
            .iter()
            .filter(|set| point.sets.contains(&set.name));
        let sets: Vec<&SetSpec> = sets.collect();
        let mut found = Vec::new();
        for set in &sets {
            let files = self.files(set)?.filter(|_| self.plan.includes(&set.name));
            let Some(files) = files else { return Ok(()) };
            found.push(files);
        }
        for (set, files) in sets.into_iter().zip(found) {
            let judgements = match self.judge(set, &files) {
                Ok(judgements) => judgements,
                // Each set says so in its turn.
                Err(error) if error.is::<NoDetector>() => return Ok(()),
                Err(error) => return Err(error),
            };
            self.judged.insert(set.name.clone(), judgements);
        }
        for column in [Columns::Content.all(), Columns::Attack.all()].concat() {
            let seen = self.judged.values().flat_map(|it| it.observations(column));
            let harmless = seen.filter(|(_, it)| !it.positive).map(|(_, it)| it.score);
            let threshold = binary::threshold_at(&harmless.collect::<Vec<_>>(), point.flagged);
            if let Some(threshold) = threshold {
                self.operating.insert(column.name(), threshold);
            }
        }
        Ok(())
    }

    fn files(&self, set: &SetSpec) -> Result<Option<Vec<PathBuf>>> {
        set.files(self.plan.directory, self.plan.external)
    }

    fn judge(&self, set: &SetSpec, files: &[PathBuf]) -> Result<Judgements<'r>> {
        let rows = rows::read_all(files, set.take())?;
        content::judge(rows, self.bare, self.setting)
    }

    /// `None` where the set's files are not here.
    fn run(&self, set: &SetSpec) -> Result<Option<Ran>> {
        let Some(files) = self.files(set)? else {
            return Ok(None);
        };
        if set.evasion {
            let rewritten =
                |&task: &Task| evasion::evaluate(task, &files, set.take(), self.setting);
            let evaluations = set.tasks.iter().map(rewritten).collect::<Result<_>>()?;
            return Ok(Some(ran(set, evaluations, None)));
        }
        let (mut evaluations, mut columns) = (Vec::new(), Vec::new());
        for task in &set.tasks {
            match task {
                Task::Content => columns.push(Columns::Content),
                Task::Attack => columns.push(Columns::Attack),
                Task::Pii => {
                    evaluations.push(pii::evaluate(&files, set.take(), self.setting)?);
                }
                Task::Topic => {
                    let Some(evaluation) = self.topics(set, &files)? else {
                        return Ok(None);
                    };
                    evaluations.push(evaluation);
                }
                Task::Grounding | Task::Relevance => {
                    let (take, languages) = (set.take(), &set.languages);
                    let evaluation =
                        grounding::evaluate(*task, &files, take, languages, self.setting)?;
                    evaluations.push(evaluation);
                }
            }
        }
        let mut per_row = None;
        if !columns.is_empty() {
            let here;
            let judgements = if let Some(before) = self.judged.get(&set.name) {
                before
            } else {
                here = self.judge(set, &files)?;
                &here
            };
            for columns in columns {
                evaluations.push(judgements.evaluation(columns, &self.operating));
            }
            per_row = set.rows.then(|| per_row::table(judgements));
        }
        Ok(Some(ran(set, evaluations, per_row)))
    }

    /// `None` where the files of the examples are not here.
    fn topics(&self, set: &SetSpec, files: &[PathBuf]) -> Result<Option<Evaluation>> {
        let Plan {
            directory,
            external,
            ..
        } = self.plan;
        let Some(selection) = set.selection(files.to_vec(), directory, external) else {
            return Ok(None);
        };
        let set = topic::DataSet::read(&selection)?;
        Ok(Some(topic::measure(set, self.setting)?))
    }

    /// Writes the tables of `set`, or says how they differ from what is written.
    fn keep(&self, set: &SetSpec, ran: &Ran, out: &mut dyn Write) -> Result<()> {
        let measurements = ran.run.measurements.iter();
        let figures = Table::of_figures(measurements.map(|it| (it.task, &it.measured)));
        let directory = self.plan.directory;
        let figures_path = directory.join(format!("{}.csv", set.name));
        let rows_path = directory.join(format!("{}.rows.csv", set.name));
        let per_row = ran.per_row.as_ref();
        let mut changes = written(&figures_path)
            .map(|before| csv::changes(&before, &figures))
            .unwrap_or_default();
        let more = changes.len().saturating_sub(LISTED);
        changes.truncate(LISTED);
        if more > 0 {
            changes.push(format!("and {more} more figures"));
        }
        if let Some((before, after)) = written(&rows_path).zip(per_row) {
            changes.append(&mut per_row::changes(&before, after));
        }
        for change in changes {
            writeln!(out, "    {change}")?;
        }
        if self.plan.write {
            write(&figures_path, &figures.to_csv())?;
            if let Some(per_row) = per_row {
                write(&rows_path, &per_row.to_csv())?;
            }
        }
        Ok(())
    }
}

fn ran(set: &SetSpec, evaluations: Vec<Evaluation>, per_row: Option<Table>) -> Ran {
    let rows = evaluations
        .iter()
        .map(|it| it.rows)
        .max()
        .unwrap_or_default();
    let measurements = evaluations.into_iter().flat_map(|evaluation| {
        let task = evaluation.task;
        let measured = evaluation.measured.into_iter();
        // A set's topics are many, and each has few texts.
        let kept = measured.filter(move |it| task != Task::Topic || it.label == topic::ALL);
        kept.map(move |measured| Measurement { task, measured })
    });
    Ran {
        run: TableRun {
            name: set.name.clone(),
            measurements: measurements.collect(),
        },
        rows,
        per_row,
    }
}

/// One line per task: the widest label.
fn report(out: &mut dyn Write, ran: &Ran) -> Result<()> {
    const FIGURES: [&str; 10] = [
        "recall",
        "operating_recall",
        "false_alarms",
        "f1",
        "auroc",
        "exact_f1",
        "lost",
        "recall_at_1_percent",
        "balanced_accuracy",
        "stopped_at_10_percent_lost",
    ];
    let mut told = Vec::new();
    for Measurement { task, measured } in &ran.run.measurements {
        if told.contains(task) {
            continue;
        }
        told.push(*task);
        let figures = FIGURES.iter().filter_map(|name| {
            let estimate = measured.estimate(name)?;
            Some(format!("{} {:.3}", name.replace('_', " "), estimate.value))
        });
        let figures: Vec<String> = figures.collect();
        let (name, rows, label) = (&ran.run.name, ran.rows, &measured.label);
        writeln!(
            out,
            "{name:<36} {rows:>6} rows  {label}: {}",
            figures.join(", ")
        )?;
    }
    Ok(())
}

fn check(out: &mut dyn Write, thresholds: &ThresholdFile, runs: &[TableRun]) -> Result<usize> {
    let (mut met, mut skipped, mut missed) = (0, 0, 0);
    for threshold in &thresholds.thresholds {
        match threshold.standing(runs) {
            Standing::Met => met += 1,
            Standing::Skipped => skipped += 1,
            Standing::Missed(how) => {
                missed += 1;
                writeln!(out, "MISSED  {} {how}", threshold.name())?;
            }
        }
    }
    writeln!(
        out,
        "thresholds: {met} met, {missed} missed, {skipped} skipped"
    )?;
    Ok(missed)
}

/// The table at `path`, if there is one.
fn written(path: &Path) -> Option<Table> {
    let text = fs::read_to_string(path).ok()?;
    Some(Table::from_csv(&text))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn write_summary(directory: &Path, file: &SetFile) -> Result<()> {
    let tables = file.sets.iter().filter_map(|set| {
        let table = written(&directory.join(format!("{}.csv", set.name)))?;
        Some(summary::Section {
            name: set.name.clone(),
            selection: set.selected(),
            table,
        })
    });
    let tables: Vec<_> = tables.collect();
    let point = file.operating_point.as_ref();
    let point = point.map(|point| (point.flagged, point.sets.as_slice()));
    write(
        &directory.join("TABLE.md"),
        &summary::summary(&tables, point),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETS: &str = r#"
[[set]]
name = "own"
tasks = ["pii"]
data = ["own"]

[[set]]
name = "theirs"
tasks = ["pii"]
external = ["theirs.jsonl"]
"#;

    const ROWS: &str = r#"{"text": "Write to jane@example.com", "spans": [{"start": 9, "end": 25, "type": "EMAIL"}]}
{"text": "She is called by a name", "spans": [{"start": 0, "end": 3, "type": "EMAIL"}]}
"#;

    fn directory(thresholds: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("own")).unwrap();
        fs::write(at("own/rows.jsonl"), ROWS).unwrap();
        fs::write(at("sets.toml"), SETS).unwrap();
        fs::write(at("thresholds.toml"), thresholds).unwrap();
        directory
    }

    fn run_in(directory: &Path, external: Option<&Path>, write: bool) -> (usize, String) {
        let plan = Plan {
            directory,
            external,
            only: &[],
            write,
            jobs: 2,
        };
        let mut out = Vec::new();
        let missed = run(plan, &pretil_models::detectors(), &|_, _| {}, &mut out).unwrap();
        (missed, String::from_utf8(out).unwrap())
    }

    fn threshold(set: &str, least: f64) -> String {
        format!(
            "[[threshold]]\nset = \"{set}\"\ntask = \"pii\"\nlabel = \"EMAIL\"\nfigure = \"exact_recall\"\nat_least = {least}\n"
        )
    }

    #[test]
    fn a_missed_threshold_counts_and_an_absent_set_is_skipped() {
        let both = threshold("own", 0.5) + &threshold("theirs", 0.5);
        let directory = directory(&both);
        let (missed, out) = run_in(directory.path(), None, false);
        assert_eq!(missed, 0, "{out}");
        assert!(out.contains("skipped: its files are not here"), "{out}");
        assert!(
            out.ends_with("thresholds: 1 met, 0 missed, 1 skipped\n"),
            "{out}"
        );
        fs::write(
            directory.path().join("thresholds.toml"),
            threshold("own", 0.6),
        )
        .unwrap();
        let (missed, out) = run_in(directory.path(), None, false);
        assert_eq!(missed, 1);
        assert!(
            out.contains("MISSED  own pii EMAIL all exact_recall is 0.500"),
            "{out}"
        );
    }

    #[test]
    fn tables_are_written_and_then_compared() {
        let directory = directory("");
        let at = |name: &str| directory.path().join(name);
        run_in(directory.path(), None, true);
        let csv = fs::read_to_string(at("own.csv")).unwrap();
        assert!(
            csv.starts_with("task,label,group,rows,labels,found,exact_precision"),
            "{csv}"
        );
        let summary = fs::read_to_string(at("TABLE.md")).unwrap();
        assert!(summary.contains("## own") && !summary.contains("## theirs"));
        let (_, unchanged) = run_in(directory.path(), None, false);
        assert!(!unchanged.contains('→'), "{unchanged}");
        fs::write(at("own/rows.jsonl"), ROWS.lines().next().unwrap()).unwrap();
        let (_, changed) = run_in(directory.path(), None, false);
        assert!(
            changed.contains("pii EMAIL all exact_recall: 0.500"),
            "{changed}"
        );
        // Not written unless asked for.
        assert_eq!(fs::read_to_string(at("own.csv")).unwrap(), csv);
        fs::write(at("theirs.jsonl"), ROWS).unwrap();
        let (_, out) = run_in(directory.path(), Some(directory.path()), false);
        assert!(!out.contains("skipped:"), "{out}");
    }

    #[test]
    fn what_names_no_set_is_refused() {
        let directory = directory(&threshold("misspelt", 0.5));
        let plan = Plan {
            directory: directory.path(),
            external: None,
            only: &[],
            write: false,
            jobs: 1,
        };
        let run = |plan: Plan<'_>| {
            let detectors = pretil_models::detectors();
            run(plan, &detectors, &|_, _| {}, &mut Vec::new()).map_err(|error| error.to_string())
        };
        assert_eq!(
            run(plan),
            Err("thresholds.toml: there is no set misspelt".to_owned())
        );
        let only = ["misspelt".to_owned()];
        let plan = Plan {
            only: &only,
            ..plan
        };
        assert_eq!(run(plan), Err("there is no set misspelt".to_owned()));
    }

    const CONTENT_SETS: &str = r#"
[operating_point]
flagged = 0.25
sets = ["harmless"]

[[set]]
name = "harmful"
tasks = ["content"]
data = ["harmful.jsonl"]
rows = true

[[set]]
name = "harmless"
tasks = ["content", "attack"]
data = ["harmless.jsonl"]

[[set]]
name = "rewritten"
tasks = ["content"]
data = ["harmful.jsonl", "harmless.jsonl"]
evasion = true
"#;

    #[test]
    fn recall_is_given_at_the_threshold_of_the_harmless_sets() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let row = |text: &str, hate: u8| {
            format!(
                "{{\"text\": \"{text}\", \"labels\": {{\"HATE\": {hate}, \"INSULTS\": 0, \"SEXUAL\": 0, \
                 \"VIOLENCE\": 0, \"MISCONDUCT\": 0, \"PROMPT_ATTACK\": 0}}}}\n"
            )
        };
        let harmful = row("grr, go away all of you", 1) + &row("go away all of you", 1);
        let harmless: String = ["one bird", "two birds", "the bear says grr", "four birds"]
            .map(|text| row(text, 0))
            .concat();
        fs::write(at("sets.toml"), CONTENT_SETS).unwrap();
        fs::write(at("harmful.jsonl"), harmful).unwrap();
        fs::write(at("harmless.jsonl"), harmless).unwrap();
        let plan = Plan {
            directory: directory.path(),
            external: None,
            only: &[],
            write: true,
            jobs: 2,
        };
        let mut out = Vec::new();
        let detectors = crate::markers::with_markers();
        run(plan, &detectors, &|_, _| {}, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        // One of four harmless rows may be flagged: the threshold lies between the two scores.
        assert!(
            out.contains("UNSAFE: recall 0.500, operating recall 0.500"),
            "{out}"
        );
        assert!(out.contains("INJECTIONS: lost 0."), "{out}");
        let table = written(&at("harmless.csv")).unwrap();
        let line = table.lines.iter().find(|line| line[1] == "HATE").unwrap();
        let alarms = table.cell(line, "operating_false_alarms").unwrap();
        assert!(alarms.starts_with("0.250 "), "{alarms}");
        assert!(table.lines.iter().any(|line| line[0] == "attack"));
        let rows = fs::read_to_string(at("harmful.rows.csv")).unwrap();
        assert!(rows.starts_with(
            "id,lang,labels,flagged,HATE,INSULTS,SEXUAL,VIOLENCE,MISCONDUCT,PROMPT_ATTACK\n"
        ));
        assert!(
            rows.contains(",,HATE,HATE,0.450,0.010,") && rows.contains(",,HATE,-,0.100,"),
            "{rows}"
        );
        assert!(!rows.contains("grr"));
    }
}
