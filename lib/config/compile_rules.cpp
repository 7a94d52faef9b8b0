// Compiles rule files one by one, then looks at what only all of them together can get wrong.
#include "config/compile_rules.hpp"

#include <set>

#include "base/text.hpp"
#include "config/involved.hpp"
#include "core/limits.hpp"
#include "schema/yaml.hpp"

namespace tocsin::config {
namespace {

class RulesCompiler {
public:
    RulesCompiler(const KnownSources* sources, const Oncall* people, core::Ruleset& ruleset,
                  schema::Diagnostics& diagnostics)
        : sources_(sources), people_(people), ruleset_(ruleset), diagnostics_(diagnostics) {}

    void add_file(const std::string& path, const std::string& text) {
        const std::optional<schema::Node> root =
            schema::read_yaml(path, text, diagnostics_,
                              {.bytes_max = core::limits::rule_file_bytes_max,
                               .depth_max = core::limits::yaml_depth_max});
        if (!root) return;
        const Scope scope{.reader = {.file = path, .diagnostics = diagnostics_}, .text = text};
        RuleFile file;
        // What can be read is compiled even so: all problems are wanted, not the first.
        schema::read_table(file, table_of(&file), *root, scope.reader);
        add_handbook(file);
        const std::size_t idle_before = expressions_;
        Position first;
        for (const GroupRow& group : file.groups) add_group(group, file, scope, first);
        if (file.unmatched) add_unmatched(file, scope);
        warn_if_idle(expressions_ - idle_before, first, scope);
    }

    void finish() {
        if (unmatched_) ruleset_.rules.push_back(std::move(*unmatched_));
        check_shared_incidents();
    }

private:
    void add_handbook(const RuleFile& file) {
        if (!ruleset_.handbook_title.empty()) return;
        ruleset_.handbook_title = file.handbook.title;
        ruleset_.handbook_revision = file.handbook.revision;
    }

    void add_group(const GroupRow& group, const RuleFile& file, const Scope& scope,
                   Position& first) {
        check_group(group, scope);
        for (const RuleRow& row : group.rules) {
            if (ruleset_.rules.size() >= core::limits::rules_max) {
                scope.reader.error(
                    row.at, "more than " + std::to_string(core::limits::rules_max) + " rules");
                return;
            }
            if (people_ != nullptr) check_involved(row, *people_, scope.reader);
            auto rule = compile_rule(row, {.scope = scope,
                                           .sources = sources_,
                                           .group = &group,
                                           .to_be_mapped = &file.to_be_mapped});
            if (!rule) continue;
            if (!rule->expression.empty()) {
                ++expressions_;
                if (first.line == 0) first = row.at;
            }
            place(std::move(*rule), row, scope);
        }
    }

    void check_group(const GroupRow& group, const Scope& scope) {
        const auto [place, added] = groups_.insert(scope.reader.file + ";" + group.name.value);
        if (!added) {
            scope.reader.error(group.name.at, "the group `" + truncate(group.name.value, 80) +
                                                  "` stands in this file twice");
        }
        const Duration interval = group.interval.value;
        if (interval < core::limits::rule_interval_min ||
            interval > core::limits::rule_interval_max) {
            scope.reader.error(group.interval.at,
                               "the interval must be between " +
                                   format_duration(core::limits::rule_interval_min) + " and " +
                                   format_duration(core::limits::rule_interval_max));
        }
        if (group.query_offset) {
            scope.reader.warning(group.query_offset->at, "`query_offset` is not acted upon",
                                 "a source's `delay` does the same for all its rules");
        }
        if (group.limit) scope.reader.warning(group.limit->at, "`limit` is not acted upon");
    }

    /// A name of its own for each: records, commands and metrics refer to rules by name.
    void place(core::Rule rule, const RuleRow& row, const Scope& scope) {
        const auto twin = places_.find(rule.name);
        if (twin != places_.end()) {
            if (rule.kind != core::RuleKind::prometheus_alert) {
                scope.reader.error(row.rule.at, "the rule `" + truncate(rule.name, 80) +
                                                    "` exists already, in " + twin->second);
                return;
            }
            make_unique(rule);
        }
        places_.emplace(rule.name, rule.file + ":" + std::to_string(rule.line));
        ruleset_.rules.push_back(std::move(rule));
    }

    /// Prometheus allows several alerts of one name. The further ones are `Name#2`, … as rules,
    /// and keep the name as their alert's.
    void make_unique(core::Rule& rule) const {
        const std::string name = rule.name;
        for (int i = 2; places_.count(rule.name) != 0; ++i) {
            rule.name = name + "#" + std::to_string(i);
        }
        rule.incident = rule.name;
        rule.content_hash = content_hash(rule);
    }

    void add_unmatched(const RuleFile& file, const Scope& scope) {
        if (unmatched_) {
            scope.reader.error(file.unmatched->at,
                               "`unmatched` stands in " + unmatched_->file + " already",
                               "one file has it, for all rules");
            return;
        }
        if (people_ != nullptr) check_involved(*file.unmatched, *people_, scope.reader);
        unmatched_ = compile_rule(*file.unmatched, {.scope = scope,
                                                    .sources = sources_,
                                                    .group = nullptr,
                                                    .to_be_mapped = &file.to_be_mapped});
    }

    void warn_if_idle(std::size_t expressions, Position first, const Scope& scope) const {
        if (expressions == 0 || sources_ == nullptr || !sources_->metric.empty()) return;
        scope.reader.warning(
            first,
            std::to_string(expressions) +
                (expressions == 1 ? " rule with `expr` is" : " rules with `expr` are") +
                " idle: there is no metric source",
            "add one with `kind: prometheus` to `sources` in tocsin.yaml");
    }

    void check_shared_incidents() {
        std::map<std::string, const core::Rule*> first;
        for (const core::Rule& rule : ruleset_.rules) {
            if (rule.kind == core::RuleKind::prometheus_alert) continue;
            const auto [place, added] = first.emplace(rule.incident, &rule);
            if (added || place->second->per == rule.per) continue;
            const core::Rule& other = *place->second;
            diagnostics_.error(rule.file, {.line = rule.line, .column = 1},
                               "the rules `" + rule.name + "` and `" + other.name +
                                   "` share the incident `" + rule.incident +
                                   "`, but not their `per`: [" + join(rule.per, ", ") +
                                   "] here, [" + join(other.per, ", ") + "] in " + other.file +
                                   ":" + std::to_string(other.line),
                               "give them the same `per`, or another `incident`");
        }
    }

    const KnownSources* sources_;
    const Oncall* people_;
    core::Ruleset& ruleset_;
    schema::Diagnostics& diagnostics_;
    std::optional<core::Rule> unmatched_;
    std::map<std::string, std::string> places_;  // rule name -> file:line
    std::set<std::string> groups_;
    std::size_t expressions_ = 0;
};

}  // namespace

void compile_rules(const std::vector<std::string>& paths,
                   const std::map<std::string, std::string>& texts, const KnownSources* sources,
                   const Oncall* people, core::Ruleset& ruleset, schema::Diagnostics& diagnostics) {
    RulesCompiler compiler(sources, people, ruleset, diagnostics);
    ruleset.digest = fnv1a64("rules");
    for (const std::string& path : paths) {
        const auto text = texts.find(path);
        if (text == texts.end()) continue;  // unreadable, and reported
        ruleset.digest = fnv1a64(text->second, fnv1a64(path + "\n", ruleset.digest));
        compiler.add_file(path, text->second);
    }
    compiler.finish();
}

}  // namespace tocsin::config
