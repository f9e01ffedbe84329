//! Unleash's evaluator in Rust over the flags and contexts of a folder that bench/peers/ruleset.py wrote.
//!
//!     yggdrasil FOLDER answers          a JSON list of values a line and flag
//!     yggdrasil FOLDER rate SECONDS     evaluations per second of processor time

use std::collections::{HashMap, HashSet};
use std::fs;
use std::mem::MaybeUninit;

use serde_json::Value;
use unleash_yggdrasil::state::EnrichedContext;
use unleash_yggdrasil::{Context, EngineState};

struct Flag {
    key: String,
    string: bool,
}

struct Workload {
    engine: EngineState,
    flags: Vec<Flag>,
    contexts: Vec<Context>,
}

fn read(folder: &str, file: &str) -> String {
    fs::read_to_string(format!("{folder}/{file}")).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn context_of(line: &str) -> Context {
    let members: HashMap<String, Value> = serde_json::from_str(line).expect("a context is an object");
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut properties: HashMap<String, String> = members.into_iter().map(|(name, value)| (name, text(value))).collect();
    Context { user_id: properties.remove("targetingKey"), properties: Some(properties), ..Context::default() }
}

fn processor_seconds() -> f64 {
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the call fills `time`, and is checked to have succeeded.
    let time = unsafe {
        assert_eq!(libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, time.as_mut_ptr()), 0);
        time.assume_init()
    };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

impl Workload {
    fn read(folder: &str) -> Self {
        let engine = EngineState::default();
        let warnings = engine.apply_client_features(serde_json::from_str(&read(folder, "unleash.json")).expect("unleash.json"));
        assert!(warnings.is_none(), "the flags do not compile");
        let strings: HashSet<String> = read(folder, "strings.txt").lines().map(str::to_owned).collect();
        let flags = read(folder, "flags.txt").lines().map(|key| Flag { key: key.to_owned(), string: strings.contains(key) }).collect();
        let contexts = read(folder, "contexts.jsonl").lines().map(context_of).collect();
        Workload { engine, flags, contexts }
    }

    fn boolean(&self, flag: &Flag, context: &Context) -> bool {
        self.engine.check_enabled(&EnrichedContext::from(context, &flag.key, None)).expect("a known flag")
    }

    fn string(&self, flag: &Flag, context: &Context) -> String {
        let variant = self.engine.check_variant(&EnrichedContext::from(context, &flag.key, None)).expect("a known flag");
        variant.payload.expect("a variant with a value").value
    }

    /// The sum keeps the work from being left out.
    fn pass(&self) -> usize {
        let mut sum = 0;
        for context in &self.contexts {
            for flag in &self.flags {
                sum += if flag.string { self.string(flag, context).len() } else { usize::from(self.boolean(flag, context)) };
            }
        }
        sum
    }

    fn passes_per_second(&self, seconds: f64) -> f64 {
        let expected = self.pass();
        let start = processor_seconds();
        for passes in 1.. {
            assert_eq!(self.pass(), expected, "two passes differ");
            let spent = processor_seconds() - start;
            if spent >= seconds {
                return f64::from(passes) / spent;
            }
        }
        unreachable!()
    }

    fn answer(&self, flag: &Flag, context: &Context) -> Value {
        if flag.string { self.string(flag, context).into() } else { self.boolean(flag, context).into() }
    }
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let workload = Workload::read(&words[1]);
    if words[2] == "answers" {
        for flag in &workload.flags {
            let answers: Vec<Value> = workload.contexts.iter().map(|context| workload.answer(flag, context)).collect();
            println!("{}", Value::from(answers));
        }
    } else {
        workload.passes_per_second(1.0);
        let rate = workload.passes_per_second(words[3].parse().expect("seconds"));
        println!("{:.0}", rate * (workload.flags.len() * workload.contexts.len()) as f64);
    }
}
