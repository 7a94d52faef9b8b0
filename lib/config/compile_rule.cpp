// Compiles a rule: which form it has, what belongs to that form, and each of its keys.
#include "config/compile_rule.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/compile_ladder.hpp"
#include "config/expressions.hpp"
#include "config/urls.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

using core::RuleKind;

/// Compiles one row into `rule`; every member function notes its own problems.
class RuleCompiler {
public:
    RuleCompiler(const RuleRow& row, const RuleContext& context) : row_(row), context_(context) {}

    std::optional<core::Rule> compile() {
        if (row_.record.given) return compile_record();
        const std::optional<RuleKind> kind = kind_of_row();
        if (!kind) return std::nullopt;
        rule_.kind = *kind;
        rule_.line = row_.at.line;
        rule_.file = reader().file;
        if (context_.group != nullptr) rule_.group = context_.group->name.value;
        if (context_.group != nullptr) rule_.interval = context_.group->interval.value;
        compile_name();
        compile_expression();
        compile_labels();
        if (*kind == RuleKind::prometheus_alert) {
            compile_prometheus();
        } else {
            compile_own();
        }
        compile_to_be_mapped();
        compile_sources();
        rule_.content_hash = content_hash(rule_);
        return std::move(rule_);
    }

private:
    [[nodiscard]] const schema::Reader& reader() const { return context_.scope.reader; }

    std::optional<core::Rule> compile_record() {
        reader().warning(row_.record.at, "recording rules are not evaluated yet: `" +
                                             row_.record.value + "` is skipped");
        if (!row_.expr) reader().error(row_.at, "the recording rule lacks `expr`");
        if (row_.expr) check_expression_row();
        if (row_.rule.given || row_.alert || row_.hold_for || !row_.annotations.empty()) {
            reader().error(row_.record.at,
                           "a recording rule has only `record`, `expr` and `labels`");
        }
        return std::nullopt;
    }

    std::optional<RuleKind> kind_of_row() const {
        const bool named = row_.rule.given;
        const bool alert_name = row_.alert && !row_.alert->name.empty();
        if (context_.group == nullptr) return kind_of_unmatched();
        if (!named && alert_name && row_.expr) return RuleKind::prometheus_alert;
        if (!named) {
            reader().error(row_.at, "the rule has no name",
                           "`rule: NAME`; or `alert: NAME` with `expr:`, as in Prometheus");
        } else if (row_.alert && row_.expr) {
            reader().error(row_.alert->at, "a rule has either `alert` or `expr`, not both",
                           "for a Prometheus alert, leave out `rule`");
        } else if (!row_.alert && !row_.expr) {
            reader().error(row_.at, "the rule has neither `alert` (matchers) nor `expr`");
        } else if (alert_name) {
            reader().error(row_.alert->at, "`alert` of a rule is a list of matchers",
                           "write ['alertname=\"" + truncate(row_.alert->name, 80) + "\"']");
        } else {
            return row_.alert ? RuleKind::alert : RuleKind::expression;
        }
        return std::nullopt;
    }

    std::optional<RuleKind> kind_of_unmatched() const {
        const bool matchers = row_.alert && row_.alert->name.empty();
        if (matchers && !row_.expr && !row_.rule.given) return RuleKind::unmatched;
        reader().error(row_.at,
                       "`unmatched` needs `alert` (a list of matchers), and neither `rule` "
                       "nor `expr`");
        return std::nullopt;
    }

    void compile_name() {
        const bool own = row_.rule.given;
        rule_.name = own ? row_.rule.value : "unmatched";
        Position at = own ? row_.rule.at : row_.at;
        if (rule_.kind == RuleKind::prometheus_alert) {
            rule_.name = row_.alert->name;
            rule_.alertname = rule_.name;
            at = row_.alert->at;
        }
        check_name(rule_.name, "name", at, own);
        rule_.incident = rule_.name;
        if (!row_.incident.given) return;
        rule_.incident = row_.incident.value;
        check_name(rule_.incident, "incident", row_.incident.at, true);
    }

    /// Names stand in incident keys (`lag{region="us"}`, `source/us`), metrics and commands.
    void check_name(const std::string& name, const std::string& what, Position at, bool strict) {
        if (name.empty()) reader().error(at, "the " + what + " is empty");
        if (name.size() > core::limits::name_bytes_max) {
            reader().error(at, "the " + what + " is longer than " +
                                   std::to_string(core::limits::name_bytes_max) + " bytes");
        }
        if (strict && name.find_first_of("/{}\"\n\r\t") != std::string::npos) {
            reader().error(at, "the " + what + " `" + truncate(name, 80) +
                                   "` holds one of / { } \" or a line break");
        }
    }

    void check_expression_row() {
        if (const auto problem = check_expression(row_.expr->value)) {
            context_.scope.error_within(*row_.expr, *problem, "in `expr`: ");
        }
    }

    void compile_expression() {
        if (row_.expr) {
            rule_.expression = row_.expr->value;
            check_expression_row();
        }
        if (!row_.alert) return;
        for (const Text& text : row_.alert->matchers) {
            Result<std::vector<Matcher>> matchers = parse_matchers(text.value);
            if (!matchers) {
                context_.scope.error_within(text, matchers.error(), "not a matcher: ",
                                            "write `alertname=\"NAME\"` or `alertname=~\"A|B\"`");
                continue;
            }
            rule_.alert.insert(rule_.alert.end(), matchers->begin(), matchers->end());
        }
        if (row_.alert->name.empty() && row_.alert->matchers.empty()) {
            reader().error(row_.alert->at,
                           "the list of matchers is empty: it would match every "
                           "alert");
        }
    }

    std::optional<core::Template> compile_template(const Text& text) const {
        const Result<core::Template> parsed = core::Template::parse(text.value);
        if (parsed) return *parsed;
        context_.scope.error_within(text, parsed.error(), "in the template: ");
        return std::nullopt;
    }

    void compile_texts(const Texts& texts, std::vector<std::pair<std::string, core::Template>>& out,
                       bool inherited) {
        for (const auto& [name, text] : texts) {
            const auto same = [&n = name](const auto& pair) { return pair.first == n; };
            if (inherited && std::any_of(out.begin(), out.end(), same)) continue;
            if (const auto parsed = compile_template(text)) out.emplace_back(name, *parsed);
        }
    }

    void compile_labels() {
        compile_texts(row_.labels, rule_.labels, false);
        if (context_.group != nullptr) compile_texts(context_.group->labels, rule_.labels, true);
        compile_texts(row_.annotations, rule_.annotations, false);
        for (const auto& [name, text] : row_.labels) {
            if (!is_label_name(name)) reader().error(text.at, bad_label(name));
        }
    }

    static bool is_label_name(std::string_view name) {
        const auto allowed = [](char byte) {
            return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                   (byte >= '0' && byte <= '9') || byte == '_';
        };
        return !name.empty() && std::all_of(name.begin(), name.end(), allowed) &&
               (name.front() < '0' || name.front() > '9');
    }

    static std::string bad_label(const std::string& name) {
        return "`" + truncate(name, 80) + "` is no label name (letters, digits and _)";
    }

    /// A Prometheus alert only makes an alert: what judges belongs to a `rule:`.
    void compile_prometheus() {
        if (row_.hold_for) rule_.hold_for = row_.hold_for->value;
        if (row_.keep_firing_for) rule_.keep_firing_for = row_.keep_firing_for->value;
        const std::array<std::pair<bool, std::string_view>, 15> judging{
            {{row_.ladder.has_value(), "ladder"},
             {row_.clear.has_value(), "clear"},
             {row_.outcome.has_value(), "outcome"},
             {row_.severity.has_value(), "severity"},
             {row_.cite.given, "cite"},
             {row_.when.has_value(), "when"},
             {row_.value.has_value(), "value"},
             {!row_.per.empty(), "per"},
             {row_.incident.given, "incident"},
             {row_.page.has_value(), "page"},
             {row_.communicate.has_value(), "communicate"},
             {row_.summary.given, "summary"},
             {row_.draft.given, "draft"},
             {row_.agree.has_value(), "agree"},
             {row_.no_data.has_value(), "no_data"}}};
        for (const auto& [given, key] : judging) {
            if (!given) continue;
            reader().error(row_.at,
                           "`" + std::string(key) + "` does not belong to a Prometheus alert",
                           "write `rule: " + truncate(rule_.name, 80) +
                               "` instead of `alert:` to judge the expression here");
        }
    }

    void compile_own() {
        const Unit unit = compile_unit();
        compile_ladder(row_, unit, context_.scope, rule_);
        compile_per();
        compile_details();
        if (rule_.kind == RuleKind::expression) {
            if (row_.value) reader().error(row_.value->at, "`value` is for rules on alerts");
            if (row_.continue_matching) {
                reader().error(row_.continue_matching->at, "`continue` is for rules on alerts");
            }
            if (row_.no_data) rule_.no_data = row_.no_data->value;
        } else {
            compile_alert_only();
        }
        warn_of_gaps();
    }

    void compile_alert_only() {
        rule_.continue_matching = row_.continue_matching && row_.continue_matching->value;
        if (row_.value) rule_.value = compile_template(*row_.value);
        const auto refuse = [&](const auto& key, const std::string& name) {
            if (key) reader().error(row_.at, "`" + name + "` is for rules with `expr`");
        };
        refuse(row_.no_data, "no_data");
        refuse(row_.source, "source");
        refuse(row_.agree, "agree");
    }

    Unit compile_unit() {
        const std::vector<std::string> names{"seconds", "milliseconds", "bytes", "ratio",
                                             "percent"};
        if (!row_.unit.given) return Unit::none;
        const auto found = std::find(names.begin(), names.end(), row_.unit.value);
        if (found == names.end()) {
            schema::unknown_name(row_.unit.at, "unit", row_.unit.value, names, reader());
            return Unit::none;
        }
        rule_.unit = row_.unit.value;
        return static_cast<Unit>(found - names.begin() + 1);
    }

    void compile_per() {
        for (const Text& label : row_.per) {
            const bool twice =
                std::find(rule_.per.begin(), rule_.per.end(), label.value) != rule_.per.end();
            if (!is_label_name(label.value)) reader().error(label.at, bad_label(label.value));
            if (twice) reader().error(label.at, "`" + label.value + "` stands here twice");
            rule_.per.push_back(label.value);
        }
        std::sort(rule_.per.begin(), rule_.per.end());
    }

    void compile_details() {
        if (row_.summary.given) rule_.summary = compile_template(row_.summary);
        if (row_.draft.given) rule_.draft = compile_template(row_.draft);
        rule_.runbook_url = row_.runbook_url.value;
        for (const auto& [name, text] : row_.annotations) {
            if (name == "runbook_url" && rule_.runbook_url.empty()) rule_.runbook_url = text.value;
            if (name == "summary" && !rule_.summary) rule_.summary = compile_template(text);
        }
        if (row_.runbook_url.given) {
            if (const auto problem = url_problem(row_.runbook_url.value)) {
                reader().error(row_.runbook_url.at, *problem);
            }
        }
        rule_.component = row_.component;
        for (const Text& text : row_.involve) rule_.involve.push_back(text.value);
        for (const Text& text : row_.tell) rule_.tell.push_back(text.value);
        rule_.private_incident = row_.private_incident;
        rule_.never_suppress = row_.never_suppress;
        rule_.page_reason = row_.page_reason.value;
        if (!row_.page) return;
        rule_.page = row_.page->value;
        if (rule_.page_reason.empty()) {
            reader().error(row_.page->at, "`page` overrides what the severity says",
                           "say why in `page_reason`");
        }
    }

    void warn_of_gaps() const {
        bool cited = false;
        bool incident = false;
        for (const core::Step& step : rule_.ladder) {
            cited = cited || !step.cite.empty();
            incident = incident || step.outcome == core::Outcome::incident;
        }
        const Position at = row_.rule.given ? row_.rule.at : row_.at;
        const std::string named = "the rule `" + truncate(rule_.name, 80) + "`";
        if (!cited) {
            reader().warning(at, named + " cites no sentence of the handbook", "add `cite:`");
        }
        if (incident && rule_.runbook_url.empty() && rule_.kind != RuleKind::unmatched) {
            reader().warning(at, named + " has no runbook", "add `runbook_url:`");
        }
    }

    void compile_to_be_mapped() {
        for (const Text& name : *context_.to_be_mapped) {
            bool found = mentions(rule_.expression, name.value);
            if (row_.alert) {
                for (const Text& matcher : row_.alert->matchers) {
                    found = found || mentions(matcher.value, name.value);
                }
            }
            if (!found) continue;
            rule_.to_be_mapped = true;
            reader().warning(row_.rule.given ? row_.rule.at : row_.at,
                             "`" + name.value + "` is a name that you still have to map",
                             "replace it by your own, or take it out of `to_be_mapped`");
        }
    }

    void compile_sources() {
        const bool has_expression = row_.expr.has_value();
        if (row_.agree) {
            rule_.agree_all = row_.agree->value == "all";
            if (!rule_.agree_all) {
                reader().error(row_.agree->at, "expected `agree: all`, found `" +
                                                   truncate(row_.agree->value, 40) + "`");
            }
        }
        if (!has_expression || context_.sources == nullptr) return;
        if (!row_.source) {
            rule_.sources = context_.sources->metric;
            return;
        }
        for (const Text& name : *row_.source) {
            const auto& metric = context_.sources->metric;
            const auto& all = context_.sources->all;
            if (std::find(metric.begin(), metric.end(), name.value) != metric.end()) {
                rule_.sources.push_back(name.value);
            } else if (std::find(all.begin(), all.end(), name.value) != all.end()) {
                reader().error(name.at, "`" + name.value + "` is no metric source");
            } else {
                schema::unknown_name(name.at, "source", name.value, metric, reader());
            }
        }
    }

    const RuleRow& row_;
    const RuleContext& context_;
    core::Rule rule_;
};

}  // namespace

std::optional<core::Rule> compile_rule(const RuleRow& row, const RuleContext& context) {
    return RuleCompiler(row, context).compile();
}

}  // namespace tocsin::config
