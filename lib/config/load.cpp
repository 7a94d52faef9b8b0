// Reads every file, compiles it, and puts the whole together, or says all that is wrong.
#include "config/load.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/compile_machine.hpp"
#include "config/compile_rules.hpp"
#include "config/expand.hpp"
#include "config/oncall_file.hpp"
#include "config/secrets.hpp"
#include "core/limits.hpp"
#include "schema/yaml.hpp"

namespace tocsin::config {
namespace {

class Loader {
public:
    Loader(const Files& files, const LoadOptions& options) : files_(files), options_(options) {}

    LoadResult load(const std::string& path, Instant now) {
        now_ = now;
        folder_ = folder_of(path);
        const std::optional<std::string> text = read(path, path, {});
        if (text) compile(path, *text);
        return std::move(result_);
    }

    LoadResult load_rules(const std::vector<std::string>& paths) {
        Loaded loaded;
        for (const std::string& path : paths) {
            if (read(path, path, {})) loaded.config.rule_files.push_back(path);
        }
        core::Ruleset ruleset;
        compile_rules(loaded.config.rule_files, result_.texts, nullptr, nullptr, ruleset,
                      diagnostics());
        finish(std::move(loaded), std::move(ruleset));
        return std::move(result_);
    }

private:
    [[nodiscard]] schema::Diagnostics& diagnostics() { return result_.diagnostics; }

    /// The file's text, remembered; an error at `at` of the file that names it when unreadable.
    std::optional<std::string> read(const std::string& path, const std::string& named_in,
                                    Position at) {
        Result<std::string> text = files_.read(path);
        if (!text) {
            diagnostics().error(named_in, at, text.error().message);
            return std::nullopt;
        }
        result_.texts[path] = *text;
        return *std::move(text);
    }

    /// Secrets that only systemd has become a warning where the options say so.
    schema::FetchSecret fetcher(const std::string& path) {
        return [this, path](const schema::SecretRef& ref) -> Result<std::string> {
            Result<std::string> secret = fetch_secret(ref, folder_, files_);
            const bool excused =
                !secret && secret.error().code == "no_credentials" && !options_.credentials_needed;
            if (!excused) return secret;
            diagnostics().warning(path, {}, secret.error().message);
            // Distinct, so that two such tokens do not look the same.
            return "credential " + ref.name;
        };
    }

    void compile(const std::string& path, const std::string& text) {
        const std::optional<schema::Node> root =
            schema::read_yaml(path, text, diagnostics(),
                              {.bytes_max = core::limits::rule_file_bytes_max,
                               .depth_max = core::limits::yaml_depth_max});
        if (!root) return;
        const schema::Reader reader{
            .file = path, .diagnostics = diagnostics(), .fetch_secret = fetcher(path)};
        MachineFile file;
        schema::read_table(file, table_of(&file), *root, reader);
        Machine machine = compile_machine(file, folder_, reader);
        machine.config.rule_files = rule_files(file, reader);
        load_oncall(file, reader, machine);
        core::Ruleset ruleset;
        ruleset.policy = machine.policy;
        ruleset.sources = machine.sources;
        const KnownSources sources = known_sources(machine.config);
        const Oncall* people = machine.config.people ? &*machine.config.people : nullptr;
        compile_rules(machine.config.rule_files, result_.texts, &sources, people, ruleset,
                      diagnostics());
        check_names(file, ruleset, reader);
        settle_silence(machine.config.sources, ruleset.rules);
        finish({.config = std::move(machine.config), .ruleset = {}, .texts = {}},
               std::move(ruleset));
    }

    static KnownSources known_sources(const Config& config) {
        KnownSources known;
        for (const Source& source : config.sources) {
            known.all.push_back(source.name);
            if (source.kind == SourceKind::prometheus) known.metric.push_back(source.name);
        }
        return known;
    }

    /// What the patterns match, in order, each file once. Scenario tests (`*.test.yaml`) lie beside
    /// rule files and are none.
    std::vector<std::string> rule_files(const MachineFile& file, const schema::Reader& reader) {
        std::vector<std::string> paths;
        for (const Located<std::string>& pattern : file.rules) {
            const std::string whole = resolve_path(folder_, pattern.value);
            const bool wild = whole.find_first_of("*?[") != std::string::npos;
            const std::vector<std::string> found =
                wild ? files_.glob(whole) : std::vector<std::string>{whole};
            if (found.empty()) {
                reader.warning(pattern.at, "no file matches `" + pattern.value + "`");
            }
            for (const std::string& path : found) {
                const bool known = std::find(paths.begin(), paths.end(), path) != paths.end();
                if (known || (wild && path.ends_with(".test.yaml"))) continue;
                if (read(path, reader.file, pattern.at)) paths.push_back(path);
            }
        }
        return paths;
    }

    void load_oncall(const MachineFile& file, const schema::Reader& reader, Machine& machine) {
        if (!file.oncall.given) {
            reader.warning({}, "nobody is on call: there is no `oncall` file");
            return;
        }
        Config& config = machine.config;
        const auto text = read(config.oncall, reader.file, file.oncall.at);
        if (!text) return;
        config.people = compile_oncall(config.oncall, *text, machine.policy.pagers, diagnostics());
    }

    /// Names of rules in maintenance windows.
    static void check_names(const MachineFile& file, const core::Ruleset& ruleset,
                            const schema::Reader& reader) {
        std::vector<std::string> names;
        for (const core::Rule& rule : ruleset.rules) names.push_back(rule.name);
        for (const auto& window : file.maintenance) {
            for (const Located<std::string>& rule : window.value.rules) {
                if (std::find(names.begin(), names.end(), rule.value) != names.end()) continue;
                schema::unknown_name(rule.at, "rule", rule.value, names, reader);
            }
        }
    }

    void finish(Loaded loaded, core::Ruleset ruleset) {
        if (diagnostics().has_errors()) return;
        if (now_) expand(loaded.config, *now_, ruleset);
        ruleset.index();
        loaded.ruleset = std::make_shared<const core::Ruleset>(std::move(ruleset));
        loaded.texts = result_.texts;
        result_.loaded = std::move(loaded);
    }

    const Files& files_;
    LoadOptions options_;
    std::optional<Instant> now_;  // absent: rule files alone, which have nothing to expand
    std::string folder_;
    LoadResult result_;
};

}  // namespace

LoadResult load(const std::string& config_path, const Files& files, Instant now,
                const LoadOptions& options) {
    return Loader(files, options).load(config_path, now);
}

LoadResult load_rules(const std::vector<std::string>& rule_files, const Files& files) {
    return Loader(files, {}).load_rules(rule_files);
}

}  // namespace tocsin::config
