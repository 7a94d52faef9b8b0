// List requests over encoded rows: what passes the filters, until the list is full.

#include "shell/store_query.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "shell/codec.hpp"

namespace tocsin::shell {

namespace {

// Ids grow with time, but a clock that was set back between two runs makes neighbours disagree:
// only a row this much older than what is asked for ends the search.
constexpr Duration clock_disagreement = hours(24);

bool enough(std::size_t found, std::size_t limit, std::size_t scanned) {
    return found >= std::min(limit, core::limits::list_limit_max) ||
           scanned >= core::limits::rows_scanned_max;
}

}  // namespace

Status IncidentList::offer(std::string_view row) {
    ++scanned_;
    if (query_.state) {
        const Result<core::IncidentState> state = codec::decode_incident_state(row);
        if (!state) return state.error();
        if (*state != *query_.state) return {};
    }
    Result<core::Incident> incident = codec::decode_incident(row);
    if (!incident) return incident.error();
    found_.push_back(std::move(*incident));
    return {};
}

bool IncidentList::full() const {
    return enough(found_.size(), query_.limit, scanned_);
}

Status VerdictList::offer(Instant at, std::string_view row) {
    ++scanned_;
    if (query_.since && at < *query_.since) {
        past_since_ = at < *query_.since - clock_disagreement;
        return {};
    }
    if (query_.outcome || query_.rule) {
        const Result<codec::VerdictHead> head = codec::decode_verdict_head(row);
        if (!head) return head.error();
        if (query_.outcome && head->outcome != *query_.outcome) return {};
        if (query_.rule && head->rule != *query_.rule) return {};
    }
    Result<core::Verdict> verdict = codec::decode_verdict(row);
    if (!verdict) return verdict.error();
    found_.push_back(std::move(*verdict));
    return {};
}

bool VerdictList::full() const {
    return past_since_ || enough(found_.size(), query_.limit, scanned_);
}

Status WindowList::offer(std::string_view row) {
    ++scanned_;
    Result<core::Window> window = codec::decode_window(row);
    if (!window) return window.error();
    if (query_.id && window->id != *query_.id) return {};
    if (query_.name && window->name != *query_.name) return {};
    if (query_.state && window->state != *query_.state) return {};
    const bool over = window->state == core::WindowState::over;
    if (over && query_.over_since && window->ended_at.value_or(window->to) < *query_.over_since) {
        return {};
    }
    found_.push_back(std::move(*window));
    return {};
}

bool WindowList::full() const {
    return enough(found_.size(), query_.limit, scanned_);
}

}  // namespace tocsin::shell
