// The clocks of watched sources, and the edges that they report.
#include "shell/heartbeat.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/limits.hpp"

namespace tocsin::shell {

class Heartbeat::Ward final : public std::enable_shared_from_this<Heartbeat::Ward> {
public:
    Ward(Runtime& runtime, Report report) : runtime_(runtime), report_(std::move(report)) {}

    void load(std::vector<WatchedSource> rows);
    void alert_seen(std::string_view source, std::string_view alertname, bool firing);
    void answered(std::string_view source);
    void not_answered(std::string_view source, std::string detail);
    [[nodiscard]] std::vector<SourceStatus> statuses() const;

private:
    /// One thing that a source owes.
    struct Clock {
        std::optional<Duration> within;  // not owed when absent
        Instant last;                    // heard, or when the waiting began
        bool heard = false;
        [[nodiscard]] bool overdue(Instant now) const { return within && now >= last + *within; }
        void hear(Instant now) {
            last = now;
            heard = true;
        }
    };
    struct Source {
        WatchedSource row;
        Clock answer;
        Clock alert;
        std::string trouble;         // what the latest unanswered request said
        std::optional<bool> silent;  // absent: nothing learned yet
        std::optional<bool> told;    // what the engine has committed last
        bool telling = false;
        bool gone = false;
    };

    void judge(Source& source);
    void tell(const std::string& name);
    void told(const std::string& name, bool silent, bool committed);
    void arm();
    [[nodiscard]] core::Event edge_of(const Source& source) const;

    Runtime& runtime_;
    Report report_;
    std::map<std::string, Source, std::less<>> sources_;
    std::optional<Instant> wake_;
};

void Heartbeat::Ward::load(std::vector<WatchedSource> rows) {
    const Instant now = runtime_.now();
    for (auto& [name, source] : sources_) source.gone = true;
    for (WatchedSource& row : rows) {
        if (!row.silent_after && row.expect_alert.empty()) continue;
        Source& source = sources_[row.name];
        source.gone = false;
        if (source.row == row) continue;
        source.answer = {.within = row.silent_after, .last = now};
        source.alert = {.within = std::nullopt, .last = now};
        if (!row.expect_alert.empty()) source.alert.within = row.expect_within;
        source.row = std::move(row);
    }
    std::vector<std::string> gone;
    for (auto& [name, source] : sources_) {
        if (source.gone) gone.push_back(name);
    }
    for (const std::string& name : gone) {
        Source& source = sources_[name];
        const bool known_silent = source.told.value_or(false) || source.telling;
        if (!known_silent) {
            sources_.erase(name);
            continue;
        }
        source.silent = false;
        source.row = {.name = name, .silent_after = {}, .expect_alert = {}};
        source.answer.within.reset();
        source.alert.within.reset();
        tell(name);
    }
    arm();
}

void Heartbeat::Ward::alert_seen(std::string_view source, std::string_view alertname, bool firing) {
    if (!firing) return;
    const auto found = sources_.find(source);
    if (found == sources_.end() || found->second.row.expect_alert != alertname) return;
    found->second.alert.hear(runtime_.now());
    judge(found->second);
}

void Heartbeat::Ward::answered(std::string_view source) {
    const auto found = sources_.find(source);
    if (found == sources_.end()) return;
    found->second.answer.hear(runtime_.now());
    found->second.trouble.clear();
    judge(found->second);
}

void Heartbeat::Ward::not_answered(std::string_view source, std::string detail) {
    const auto found = sources_.find(source);
    if (found != sources_.end()) found->second.trouble = std::move(detail);
}

void Heartbeat::Ward::judge(Source& source) {
    if (source.gone) return;
    const Instant now = runtime_.now();
    const std::optional<bool> before = source.silent;
    const bool all_heard = (!source.answer.within || source.answer.heard) &&
                           (!source.alert.within || source.alert.heard);
    if (source.answer.overdue(now) || source.alert.overdue(now)) {
        source.silent = true;
    } else if (all_heard) {
        source.silent = false;
    }
    if (source.silent == before) return;
    tell(source.row.name);
    arm();
}

core::Event Heartbeat::Ward::edge_of(const Source& source) const {
    if (!*source.silent) return core::SourceBack{.source = source.row.name};
    const bool no_answer = source.answer.overdue(runtime_.now());
    core::SourceSilent edge{.source = source.row.name, .since = {}, .detail = {}};
    edge.since = no_answer ? source.answer.last : source.alert.last;
    if (no_answer) {
        edge.detail = source.trouble.empty() ? "no answer" : source.trouble;
    } else {
        edge.detail =
            source.row.expect_alert + " not seen for " + format_duration(source.row.expect_within);
    }
    return edge;
}

void Heartbeat::Ward::tell(const std::string& name) {
    const auto found = sources_.find(name);
    if (found == sources_.end()) return;
    Source& source = found->second;
    if (source.telling || !source.silent || source.told == source.silent) return;
    source.telling = true;
    report_(edge_of(source),
            [self = weak_from_this(), name, silent = *source.silent](bool committed) {
                if (const auto ward = self.lock()) ward->told(name, silent, committed);
            });
}

void Heartbeat::Ward::told(const std::string& name, bool silent, bool committed) {
    const auto found = sources_.find(name);
    if (found == sources_.end()) return;
    Source& source = found->second;
    source.telling = false;
    if (committed) {
        source.told = silent;
        if (source.gone && !silent) {
            sources_.erase(found);
        } else {
            tell(name);  // it may have changed meanwhile
        }
        return;
    }
    runtime_.at(runtime_.now() + core::limits::report_again_after, [self = weak_from_this(), name] {
        if (const auto ward = self.lock()) ward->tell(name);
    });
}

/// Wakes for the next thing that can become overdue. Hearing of a source only moves it further
/// away, so that nothing is armed on the way of an alert.
void Heartbeat::Ward::arm() {
    const Instant now = runtime_.now();
    std::optional<Instant> next;
    for (const auto& [name, source] : sources_) {
        if (source.silent.value_or(false)) continue;
        for (const Clock* clock : {&source.answer, &source.alert}) {
            if (!clock->within) continue;
            const Instant due = std::max(clock->last + *clock->within, now);
            next = std::min(next.value_or(due), due);
        }
    }
    if (!next || (wake_ && *wake_ <= *next)) return;
    wake_ = next;
    runtime_.at(*next, [self = weak_from_this(), at = *next] {
        const auto ward = self.lock();
        if (!ward || ward->wake_ != at) return;
        ward->wake_.reset();
        for (auto& [name, source] : ward->sources_) ward->judge(source);
        ward->arm();
    });
}

std::vector<SourceStatus> Heartbeat::Ward::statuses() const {
    std::vector<SourceStatus> all;
    for (const auto& [name, source] : sources_) {
        if (source.gone) continue;
        SourceStatus status{.source = name, .silent = source.silent.value_or(false)};
        for (const Clock* clock : {&source.answer, &source.alert}) {
            if (!clock->within || !clock->heard) continue;
            status.last_heard = std::min(status.last_heard.value_or(clock->last), clock->last);
        }
        all.push_back(std::move(status));
    }
    return all;
}

Heartbeat::Heartbeat(Runtime& runtime, Report report)
    : ward_(std::make_shared<Ward>(runtime, std::move(report))) {}

void Heartbeat::load(std::vector<WatchedSource> sources) {
    ward_->load(std::move(sources));
}

void Heartbeat::alert_seen(std::string_view source, std::string_view alertname, bool firing) {
    ward_->alert_seen(source, alertname, firing);
}

void Heartbeat::answered(std::string_view source) {
    ward_->answered(source);
}

void Heartbeat::not_answered(std::string_view source, std::string detail) {
    ward_->not_answered(source, std::move(detail));
}

std::vector<SourceStatus> Heartbeat::statuses() const {
    return ward_->statuses();
}

}  // namespace tocsin::shell
