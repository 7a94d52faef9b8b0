// Slot times, the questions asked at them, and what is made of the answers.
#include "shell/poller.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/sources/alertmanager.hpp"
#include "integrations/sources/prometheus.hpp"
#include "shell/poller_road.hpp"

namespace tocsin::shell {

namespace {

using integrations::Answer;

/// The first slot after an instant: slots are k·interval + (hash of the name mod interval).
Instant slot_after(Instant instant, const std::string& name, Duration interval) {
    const auto offset =
        static_cast<std::int64_t>(fnv1a64(name) % static_cast<std::uint64_t>(interval.count()));
    const std::int64_t since = instant.time_since_epoch().count() - offset;
    const std::int64_t past = since % interval.count();
    return instant + Duration(interval.count() - (past < 0 ? past + interval.count() : past));
}

std::vector<integrations::Header> revealed(const PolledSource& row) {
    std::vector<integrations::Header> headers;
    for (const auto& [name, secret] : row.headers) headers.emplace_back(name, secret.reveal());
    return headers;
}

}  // namespace

class Poller::Desk final : public std::enable_shared_from_this<Poller::Desk> {
public:
    Desk(Runtime& runtime, Net& net, Heartbeat& heartbeat, Report report)
        : runtime_(runtime), net_(net), heartbeat_(heartbeat), report_(std::move(report)) {}

    void load(const core::RulesetPtr& ruleset, std::vector<PolledSource> rows);
    void alert_pushed(std::string_view source, std::uint64_t fingerprint);
    void amend(core::AlertsListed& listed) const;
    void stop();
    [[nodiscard]] std::vector<PollStatistics> statistics() const;

private:
    struct Source {
        PolledSource row;
        std::shared_ptr<PollerRoad> road;
        PollStatistics totals;
        // Alertmanager: what was pushed before and since its list was asked last.
        std::vector<std::uint64_t> pushed_before;
        std::vector<std::uint64_t> pushed_since;
    };
    /// Something that is done at slots: a rule on one source (or, to agree, on all of its sources),
    /// or (rule empty) the list of an Alertmanager.
    struct Job {
        std::uint64_t number = 0;  // of this version of the job; late answers to others are dropped
        std::string slot_name;
        std::string rule;
        std::uint64_t content_hash = 0;
        std::string expression;
        Duration interval{};
        std::vector<std::string> sources;
        Instant next_slot;
        bool under_way = false;
        std::vector<core::SourceAnswer> answers;
        std::size_t answers_missing = 0;

        [[nodiscard]] bool same_as(const Job& other) const {
            return content_hash == other.content_hash && expression == other.expression &&
                   interval == other.interval && sources == other.sources;
        }
    };
    using Key = std::string;

    void load_sources(std::vector<PolledSource> rows);
    void add_rule(std::map<Key, Job>& jobs, const core::Rule& rule);
    void add_job(std::map<Key, Job>& jobs, Key key, Job job);
    [[nodiscard]] Job* find(const Key& key, std::uint64_t number);
    void wake();
    void arm();
    void begin_slot(const Key& key, Job& job, Instant slot);
    void ask_query(const Key& key, const Job& job, std::size_t index, Instant slot);
    void query_answered(const Key& key, std::uint64_t number, std::size_t index, Instant slot,
                        const Answer& answer);
    void ask_list(const Key& key, const Job& job);
    void list_answered(const Key& key, std::uint64_t number, const Answer& answer);
    void finish(const Key& key, std::uint64_t number, core::Event event);

    Runtime& runtime_;
    Net& net_;
    Heartbeat& heartbeat_;
    Report report_;
    std::map<std::string, Source, std::less<>> sources_;
    std::map<Key, Job> jobs_;
    std::set<std::pair<Instant, Key>> slots_;
    std::uint64_t last_number_ = 0;
    std::optional<Instant> wake_;
    bool stopped_ = false;
};

void Poller::Desk::load(const core::RulesetPtr& ruleset, std::vector<PolledSource> rows) {
    load_sources(std::move(rows));
    std::map<Key, Job> jobs;
    if (ruleset) {
        for (const core::Rule& rule : ruleset->rules) add_rule(jobs, rule);
    }
    for (const auto& [name, source] : sources_) {
        if (source.row.kind != core::Source::Kind::alertmanager) continue;
        Job job;
        job.slot_name = name;
        job.interval = source.row.interval;
        job.sources = {name};
        add_job(jobs, "list " + name, std::move(job));
    }
    jobs_ = std::move(jobs);
    slots_.clear();
    for (const auto& [key, job] : jobs_) slots_.emplace(job.next_slot, key);
    arm();
}

void Poller::Desk::load_sources(std::vector<PolledSource> rows) {
    std::map<std::string, Source, std::less<>> sources;
    for (PolledSource& row : rows) {
        if (row.kind == core::Source::Kind::push) continue;
        const std::string name = row.name;
        const auto old = sources_.find(name);
        // Another kind under the same name is another source.
        const bool known = old != sources_.end() && old->second.row.kind == row.kind;
        Source& source = sources[name];
        if (known) source = std::move(old->second);
        if (!source.road) source.road = std::make_shared<PollerRoad>(runtime_, net_, name);
        source.totals.source = name;
        const bool lists = row.kind == core::Source::Kind::alertmanager;
        source.row = std::move(row);
        source.road->set_width(lists ? 1 : source.row.queries_max);
    }
    for (auto& [name, source] : sources_) {
        if (source.road && !sources.contains(name)) source.road->close();
    }
    sources_ = std::move(sources);
}

void Poller::Desk::add_rule(std::map<Key, Job>& jobs, const core::Rule& rule) {
    if (rule.kind != core::RuleKind::expression && rule.kind != core::RuleKind::prometheus_alert) {
        return;
    }
    std::vector<std::string> asked;
    for (const std::string& name : rule.sources) {
        const auto source = sources_.find(name);
        const bool metrics =
            source != sources_.end() && source->second.row.kind == core::Source::Kind::prometheus;
        if (metrics) asked.push_back(name);
    }
    Job job;
    job.slot_name = rule.name;
    job.rule = rule.name;
    job.content_hash = rule.content_hash;
    job.expression = rule.expression;
    job.interval = rule.interval;
    if (rule.agree_all) {
        job.sources = asked;
        if (!asked.empty()) add_job(jobs, "rule " + rule.name, std::move(job));
        return;
    }
    for (const std::string& name : asked) {
        job.sources = {name};
        add_job(jobs, "rule " + rule.name + "\n" + name, job);
    }
}

void Poller::Desk::add_job(std::map<Key, Job>& jobs, Key key, Job job) {
    job.interval = std::max<Duration>(job.interval, milliseconds(1));
    const auto old = jobs_.find(key);
    if (old != jobs_.end() && old->second.same_as(job)) {
        jobs.emplace(std::move(key), std::move(old->second));
        return;
    }
    job.number = ++last_number_;
    job.next_slot = slot_after(runtime_.now(), job.slot_name, job.interval);
    jobs.emplace(std::move(key), std::move(job));
}

Poller::Desk::Job* Poller::Desk::find(const Key& key, std::uint64_t number) {
    const auto found = jobs_.find(key);
    const bool same = found != jobs_.end() && found->second.number == number;
    return same && !stopped_ ? &found->second : nullptr;
}

void Poller::Desk::arm() {
    if (stopped_ || slots_.empty()) return;
    const Instant next = slots_.begin()->first;
    if (wake_ && *wake_ <= next) return;
    wake_ = next;
    runtime_.at(next, [self = weak_from_this(), next] {
        const auto desk = self.lock();
        if (!desk || desk->wake_ != next) return;
        desk->wake_.reset();
        desk->wake();
    });
}

void Poller::Desk::wake() {
    const Instant now = runtime_.now();
    while (!stopped_ && !slots_.empty() && slots_.begin()->first <= now) {
        const Key key = slots_.begin()->second;
        slots_.erase(slots_.begin());
        Job& job = jobs_.at(key);
        // After a pause of the process only the latest slot is worth asking about.
        const auto passed = (now - job.next_slot) / job.interval;
        const Instant slot = job.next_slot + passed * job.interval;
        job.next_slot = slot + job.interval;
        slots_.emplace(job.next_slot, key);
        const auto missed = static_cast<std::uint64_t>(passed) + (job.under_way ? 1 : 0);
        for (const std::string& name : job.sources) sources_.at(name).totals.slots_missed += missed;
        if (!job.under_way) begin_slot(key, job, slot);
    }
    arm();
}

void Poller::Desk::begin_slot(const Key& key, Job& job, Instant slot) {
    job.under_way = true;
    if (job.rule.empty()) {
        ask_list(key, job);
        return;
    }
    job.answers.assign(job.sources.size(), {});
    job.answers_missing = job.sources.size();
    for (std::size_t index = 0; index < job.sources.size(); ++index) {
        ask_query(key, job, index, slot);
    }
}

void Poller::Desk::ask_query(const Key& key, const Job& job, std::size_t index, Instant slot) {
    const std::string name = job.sources[index];
    const std::uint64_t number = job.number;
    const auto make = [this, key, number, name,
                       slot]() -> std::optional<integrations::HttpRequest> {
        const Job* wanted = find(key, number);
        if (wanted == nullptr) return std::nullopt;
        Source& source = sources_.at(name);
        ++source.totals.asked;
        const PolledSource& row = source.row;
        return integrations::query_request(row.url, wanted->expression, slot - row.delay,
                                           row.timeout, revealed(row));
    };
    // The road lives no longer than this desk, and calls nothing after it.
    sources_.at(name).road->ask(make, [this, key, number, index, slot](const Answer& answer) {
        query_answered(key, number, index, slot, answer);
    });
}

void Poller::Desk::query_answered(const Key& key, std::uint64_t number, std::size_t index,
                                  Instant slot, const Answer& answer) {
    Job* job = find(key, number);
    if (job == nullptr) return;
    const std::string& name = job->sources[index];
    Source& source = sources_.at(name);
    core::SourceAnswer read = integrations::read_query(answer);
    read.source = name;
    if (read.kind != core::SourceAnswer::Kind::complete) ++source.totals.failed;
    if (read.source_answered) {
        heartbeat_.answered(name);
    } else {
        heartbeat_.not_answered(name, read.detail);
    }
    job->answers[index] = std::move(read);
    if (--job->answers_missing > 0) return;

    Duration delay{0};
    for (const std::string& each : job->sources) {
        delay = std::max(delay, sources_.at(each).row.delay);
    }
    finish(key, number,
           core::Evaluated{.rule = job->rule,
                           .content_hash = job->content_hash,
                           .at = slot - delay,
                           .answers = std::exchange(job->answers, {})});
}

void Poller::Desk::ask_list(const Key& key, const Job& job) {
    const std::string name = job.sources.front();
    const std::uint64_t number = job.number;
    const auto make = [this, key, number, name]() -> std::optional<integrations::HttpRequest> {
        if (find(key, number) == nullptr) return std::nullopt;
        Source& source = sources_.at(name);
        ++source.totals.asked;
        source.pushed_before = std::exchange(source.pushed_since, {});
        return integrations::alert_list_request(source.row.url, source.row.timeout,
                                                revealed(source.row));
    };
    sources_.at(name).road->ask(
        make, [this, key, number](const Answer& answer) { list_answered(key, number, answer); });
}

void Poller::Desk::list_answered(const Key& key, std::uint64_t number, const Answer& answer) {
    Job* job = find(key, number);
    if (job == nullptr) return;
    const std::string& name = job->sources.front();
    Source& source = sources_.at(name);
    const auto listed = integrations::read_alert_list(answer);
    const std::size_t pushed = source.pushed_before.size() + source.pushed_since.size();
    if (!listed || pushed > core::limits::pushed_between_lists_max) {
        ++source.totals.failed;
        if (!listed) heartbeat_.not_answered(name, listed.error().message);
        job->under_way = false;
        return;
    }
    heartbeat_.answered(name);
    for (const integrations::ListedAlert& each : *listed) {
        const std::string_view alertname = each.alert.labels.get("alertname");
        if (!source.row.expect_alert.empty() && alertname == source.row.expect_alert) {
            heartbeat_.alert_seen(name, alertname, each.alert.firing);
        }
    }
    core::AlertsListed event{.source = name,
                             .fingerprints = integrations::fingerprints_of(*listed)};
    amend(event);
    finish(key, number, std::move(event));
}

void Poller::Desk::amend(core::AlertsListed& listed) const {
    const auto source = sources_.find(listed.source);
    if (source == sources_.end()) return;
    std::vector<std::uint64_t>& all = listed.fingerprints;
    for (const auto* pushed : {&source->second.pushed_before, &source->second.pushed_since}) {
        all.insert(all.end(), pushed->begin(), pushed->end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

/// Reports; the next slot may begin once the engine has taken it, or has not: then the next slot's
/// answer says it again.
void Poller::Desk::finish(const Key& key, std::uint64_t number, core::Event event) {
    report_(std::move(event), [self = weak_from_this(), key, number](bool) {
        const auto desk = self.lock();
        if (!desk) return;
        if (Job* job = desk->find(key, number)) job->under_way = false;
    });
}

void Poller::Desk::alert_pushed(std::string_view source, std::uint64_t fingerprint) {
    const auto found = sources_.find(source);
    if (found == sources_.end() || found->second.row.kind != core::Source::Kind::alertmanager) {
        return;
    }
    // One past the bound is enough to know that the next list cannot be trusted.
    std::vector<std::uint64_t>& pushed = found->second.pushed_since;
    if (pushed.size() <= core::limits::pushed_between_lists_max) pushed.push_back(fingerprint);
}

void Poller::Desk::stop() {
    stopped_ = true;
    for (auto& [name, source] : sources_) source.road->close();
    slots_.clear();
}

std::vector<PollStatistics> Poller::Desk::statistics() const {
    std::vector<PollStatistics> all;
    for (const auto& [name, source] : sources_) {
        PollStatistics now = source.totals;
        now.repeated = source.road->repeated();
        now.waiting = source.road->waiting();
        now.in_flight = source.road->in_flight();
        all.push_back(std::move(now));
    }
    return all;
}

Poller::Poller(Runtime& runtime, Net& net, Heartbeat& heartbeat, Report report)
    : desk_(std::make_shared<Desk>(runtime, net, heartbeat, std::move(report))) {}

void Poller::load(core::RulesetPtr ruleset, std::vector<PolledSource> sources) {
    desk_->load(ruleset, std::move(sources));
}

void Poller::alert_pushed(std::string_view source, std::uint64_t fingerprint) {
    desk_->alert_pushed(source, fingerprint);
}

void Poller::amend(core::AlertsListed& listed) const {
    desk_->amend(listed);
}

void Poller::stop() {
    desk_->stop();
}

std::vector<PollStatistics> Poller::statistics() const {
    return desk_->statistics();
}

}  // namespace tocsin::shell
