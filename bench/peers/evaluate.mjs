// One evaluator of another project over the flags and contexts of a folder that bench/peers/ruleset.py wrote.
//
//     node evaluate.mjs flagd|growthbook|unleash MODULES FOLDER answers          a JSON list of values a line and flag
//     node evaluate.mjs flagd|growthbook|unleash MODULES FOLDER rate SECONDS     evaluations per second of processor time
//
// MODULES is the folder whose node_modules holds the packages. Each adapter takes its project's shortest way to a value: no
// metrics, no events, no copies of the context that the evaluation itself does not make.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [name, modules, folder, command, seconds] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'package.json'));
const lines = file => readFileSync(join(folder, file), 'utf8').split('\n').filter(line => line !== '');
const ruleset = () => readFileSync(join(folder, `${name}.json`), 'utf8');

const adapters = {
    flagd() {
        const {FlagdCore} = require('@openfeature/flagd-core');
        const silent = {error() {}, warn() {}, info() {}, debug() {}};
        const core = new FlagdCore(undefined, silent);
        core.setConfigurations(ruleset());
        return {
            context: context => context,
            boolean: (key, context) => core.resolveBooleanEvaluation(key, false, context, silent).value,
            string: (key, context) => core.resolveStringEvaluation(key, '', context, silent).value,
        };
    },
    growthbook() {
        const {GrowthBookClient} = require('@growthbook/growthbook');
        const client = new GrowthBookClient().initSync({payload: JSON.parse(ruleset())});
        const value = (key, context) => client.evalFeature(key, context).value;
        return {context: ({targetingKey, ...rest}) => ({attributes: {id: targetingKey, ...rest}}), boolean: value, string: value};
    },
    unleash() {
        const Client = require('unleash-client/lib/client').default;
        const {defaultStrategies} = require('unleash-client/lib/strategy');
        const {features, segments} = JSON.parse(ruleset());
        const byName = new Map(features.map(feature => [feature.name, feature]));
        const byId = new Map(segments.map(segment => [segment.id, segment]));
        const client = new Client({getToggle: key => byName.get(key), getSegment: id => byId.get(id)}, defaultStrategies);
        const off = () => false;
        return {
            context: ({targetingKey, ...rest}) => ({userId: targetingKey, properties: rest}),
            boolean: (key, context) => client.isEnabled(key, context, off),
            string: (key, context) => client.getVariant(key, context).payload.value,
        };
    },
};

const adapter = adapters[name]();
const strings = new Set(lines('strings.txt'));
const flags = lines('flags.txt').map(key => ({key, string: strings.has(key)}));
const contexts = lines('contexts.jsonl').map(line => adapter.context(JSON.parse(line)));
const evaluate = (flag, context) => (flag.string ? adapter.string(flag.key, context) : adapter.boolean(flag.key, context));

function pass() {
    let sum = 0;
    for (const context of contexts)
        for (const flag of flags) {
            const value = evaluate(flag, context);
            sum += value === true ? 1 : value === false ? 0 : value.length;
        }
    return sum;
}

// Processor time of all threads, so that the collector's and the compiler's count as they do on one core.
function processorSeconds() {
    const {user, system} = process.cpuUsage();
    return (user + system) / 1e6;
}

// Passes for that many seconds: how many a second. The sum keeps the work from being left out.
function passesPerSecond(wanted) {
    const expected = pass();
    const start = processorSeconds();
    for (let passes = 1;; ++passes) {
        if (pass() !== expected) throw new Error('two passes differ');
        const spent = processorSeconds() - start;
        if (spent >= wanted) return passes / spent;
    }
}

if (command === 'answers') {
    for (const flag of flags) console.log(JSON.stringify(contexts.map(context => evaluate(flag, context))));
} else {
    passesPerSecond(2);  // the compiler's warm-up, not counted
    console.log(Math.round(passesPerSecond(Number(seconds)) * flags.length * contexts.length));
}
