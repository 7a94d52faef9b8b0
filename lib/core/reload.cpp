// Carries every held signal over to the rules now in force.
#include "core/reload.hpp"

#include <algorithm>

#include "core/alerts.hpp"
#include "core/condition.hpp"
#include "core/judging.hpp"
#include "core/maintenance.hpp"
#include "core/paging.hpp"
#include "core/prometheus_rules.hpp"
#include "core/rota.hpp"

namespace tocsin::core {
namespace {

std::vector<std::uint64_t> signals_of_kind(const State& state, SignalKind kind) {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, signal] : state.signals) {
        if (signal.kind == kind) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

// Do the same rules, at the same content, still decide on this alert?
bool is_unaffected(const Draft& draft, const Signal& signal) {
    std::size_t position = 0;
    for (std::uint32_t index : draft.rules().candidates(signal.labels.get("alertname"))) {
        const Rule& rule = draft.rules().rules[index];
        if (rule.kind == RuleKind::unmatched && position > 0) continue;
        if (!all_match(rule.alert, signal.labels)) continue;
        if (position >= signal.tracks.size()) return false;
        const Track& track = signal.tracks[position++];
        if (draft.text(track.rule) != rule.name || track.content_hash != rule.content_hash) {
            return false;
        }
        if (!rule.continue_matching) break;
    }
    if (position > 0) return position == signal.tracks.size();
    return signal.tracks.size() == 1 && draft.text(signal.tracks.front().rule).empty();
}

bool still_evaluated(const Draft& draft, const Signal& signal, RuleKind kind) {
    const Rule* rule = draft.rules().find(draft.text(signal.owner_rule));
    if (rule == nullptr || rule->kind != kind) return false;
    const std::string& source = draft.text(signal.source);
    if (rule->agree_all) return source.empty();
    return std::find(rule->sources.begin(), rule->sources.end(), source) != rule->sources.end();
}

void carry_over_series(Draft& draft, std::uint64_t id) {
    const Signal& held = draft.state().signals.at(id);
    if (still_evaluated(draft, held, RuleKind::expression)) return;
    Signal& signal = draft.edit_signal(id);
    end_track(draft, signal, signal.tracks.front(), Because::rule_removed);
    draft.remove_signal(id);
}

void carry_over_health(Draft& draft) {
    std::vector<std::uint64_t> stale;
    for (const auto& [id, health] : draft.state().rule_health) {
        const Rule* rule = draft.rules().find(health.rule);
        bool same = rule != nullptr && rule->content_hash == health.content_hash;
        if (!same) stale.push_back(id);
    }
    for (std::uint64_t id : stale) {
        std::string rule = draft.state().rule_health.at(id).rule;
        draft.remove_health(id);
        set_condition(draft, condition_no_data, rule, false, {});
    }
}

void carry_over_conditions(Draft& draft) {
    for (std::uint64_t id : signals_of_kind(draft.state(), SignalKind::condition)) {
        const Signal& signal = draft.state().signals.at(id);
        if (draft.text(signal.owner_rule) != condition_source || !signal.firing) continue;
        std::string source(signal.labels.get("source"));
        if (!draft.rules().sources.contains(source)) {
            set_condition(draft, condition_source, source, false, {});
        }
    }
}

}  // namespace

void rules_loaded(Draft& draft) {
    for (std::uint64_t id : signals_of_kind(draft.state(), SignalKind::prom_series)) {
        if (still_evaluated(draft, draft.state().signals.at(id), RuleKind::prometheus_alert)) {
            continue;
        }
        end_prometheus_series(draft, id);
    }
    for (std::uint64_t id : signals_of_kind(draft.state(), SignalKind::alert)) {
        if (is_unaffected(draft, draft.state().signals.at(id))) continue;
        rematch(draft, draft.edit_signal(id));
    }
    for (std::uint64_t id : signals_of_kind(draft.state(), SignalKind::series)) {
        carry_over_series(draft, id);
    }
    carry_over_health(draft);
    carry_over_conditions(draft);
    carry_over_windows(draft);
    carry_over_pages(draft);
    start_rota(draft);
}

}  // namespace tocsin::core
