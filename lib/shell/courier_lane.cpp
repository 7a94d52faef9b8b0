// Who goes next in a lane: ranks, waiting, workers, pauses, and what a reload does to them.

#include "shell/courier_lane.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "core/limits.hpp"

namespace tocsin::shell {

namespace {

int urgency_of(core::Action action) {
    switch (action) {
        case core::Action::page:
            return 0;
        case core::Action::acknowledge_page:
        case core::Action::resolve_page:
            return 1;
        case core::Action::update:
        case core::Action::test:
        case core::Action::notify:
        case core::Action::publish:
        case core::Action::banner:
            return 2;
    }
    return 2;
}

int mildness_of(core::Severity severity) {
    return -static_cast<int>(severity);
}

}  // namespace

CourierLane::CourierLane(std::shared_ptr<CourierTools> tools, std::string name)
    : tools_(std::move(tools)), name_(std::move(name)) {
    totals_.integration = name_;
}

void CourierLane::configure(std::optional<integrations::Integration> integration) {
    integration_ = std::move(integration);
    if (integration_) {
        totals_.kind = integration_->kind;
        integration_->width = std::max(integration_->width, 1);
        width_now_ = integration_->width;
        workers_.resize(std::max(workers_.size(), static_cast<std::size_t>(width_now_)));
        rate_.set_per_minute(integration_->sends_per_minute);
    }
    // What stood in the way may just have been repaired: everything may try at once.
    health_.answered();
    for (auto& [incident, line] : lines_) {
        line.entries.front().not_before = Instant{};
        leave_queues(line, incident);
        settle(incident);
    }
    dispatch();
}

bool CourierLane::would_send_now(const core::Effect& effect) {
    const std::uint64_t incident = effect.incident.number;
    const Instant now = tools_->runtime.now();
    if (!integration_ || when_idle_ || lines_.contains(incident)) return false;
    if (now < starts_held_until_ || workers_[worker_of(incident)]) return false;
    const bool taken = std::any_of(promised_.begin(), promised_.end(), [&](std::uint64_t other) {
        return worker_of(other) == worker_of(incident);
    });
    if (taken || busy_ + promised_.size() >= static_cast<std::size_t>(width_now_)) return false;
    const Rank rank{urgency_of(effect.action), mildness_of(effect.incident.severity),
                    effect.ordered_at, incident};
    if (blocked_until(rank, now) > now || (health_.failing() && !promised_.empty())) return false;
    if (promised_.empty()) {
        // The engine asks, commits and hands over in one task; after it no promise is left.
        tools_->runtime.post([self = weak_from_this()] {
            const auto lane = self.lock();
            if (!lane) return;
            lane->promised_.clear();
            lane->dispatch();
        });
    }
    promised_.insert(incident);
    return true;
}

void CourierLane::add(core::Delivery delivery, bool resumed) {
    const core::Effect& effect = delivery.effect;
    if (core::is_final(delivery.state) || incident_of_.contains(effect.id)) return;
    const std::uint64_t incident = effect.incident.number;
    promised_.erase(incident);
    incident_of_[effect.id] = incident;
    ages_.emplace(effect.ordered_at, effect.id);
    if (effect.action == core::Action::page) page_ages_.emplace(effect.ordered_at, effect.id);

    Line& line = lines_[incident];
    Entry entry;
    entry.ambiguous = resumed && delivery.state == core::DeliveryState::sending;
    entry.delivery = std::move(delivery);
    const bool urgent = urgency_of(entry.delivery.effect.action) == 0;
    line.entries.push_back(std::move(entry));
    Entry& head = line.entries.front();
    if (urgent && head.failures > 0) {
        // A page behind a message makes the message as urgent as itself.
        const Instant soon =
            tools_->runtime.now() + backoff(true, head.failures, tools_->random.uniform());
        head.not_before = std::min(head.not_before, soon);
    }
    settle(incident);
    dispatch();
}

void CourierLane::drop(std::uint64_t delivery_id) {
    const Entry* entry = find(delivery_id);
    if (entry == nullptr || entry->phase > Phase::starting) return;
    const bool may_have_left =
        entry->delivery.state == core::DeliveryState::sending && entry->phase == Phase::queued;
    if (may_have_left) return;
    remove(delivery_id);
    dispatch();
}

void CourierLane::drain(std::function<void()> when_idle) {
    when_idle_ = std::move(when_idle);
    tell_if_idle();
}

CourierLane::Worker CourierLane::worker_of(std::uint64_t incident) const {
    const int width = integration_ ? integration_->width : 1;
    return static_cast<Worker>(incident % static_cast<std::uint64_t>(width));
}

CourierLane::Entry* CourierLane::find(std::uint64_t delivery_id) {
    const auto incident = incident_of_.find(delivery_id);
    if (incident == incident_of_.end()) return nullptr;
    for (Entry& entry : lines_.at(incident->second).entries) {
        if (entry.delivery.effect.id == delivery_id) return &entry;
    }
    check(false);
    return nullptr;
}

void CourierLane::remove(std::uint64_t delivery_id) {
    const std::uint64_t incident = incident_of_.at(delivery_id);
    std::deque<Entry>& entries = lines_.at(incident).entries;
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& each) {
        return each.delivery.effect.id == delivery_id;
    });
    check(entry != entries.end());
    const Instant ordered_at = entry->delivery.effect.ordered_at;
    ages_.erase({ordered_at, delivery_id});
    page_ages_.erase({ordered_at, delivery_id});
    incident_of_.erase(delivery_id);
    entries.erase(entry);
    settle(incident);
}

CourierLane::Rank CourierLane::rank_of(const Line& line, std::uint64_t incident) const {
    Rank rank;
    rank.incident = incident;
    rank.ordered_at = line.entries.front().delivery.effect.ordered_at;
    for (const Entry& entry : line.entries) {
        const core::Effect& effect = entry.delivery.effect;
        rank.urgency = std::min(rank.urgency, urgency_of(effect.action));
        rank.mildness = std::min(rank.mildness, mildness_of(effect.incident.severity));
    }
    return rank;
}

void CourierLane::leave_queues(Line& line, std::uint64_t incident) {
    if (line.ready_as) {
        // The worker is the one that it was put under; a reload may have changed the mapping.
        for (auto& [key, ranks] : ready_) {
            if (key.second == line.ready_unstarted && ranks.erase(*line.ready_as) > 0) break;
        }
        line.ready_as.reset();
    }
    if (line.waiting_until) {
        waiting_.erase({*line.waiting_until, incident});
        line.waiting_until.reset();
    }
}

/// Puts a line where its first delivery belongs: ready, waiting, or (when it is on its way)
/// nowhere.
void CourierLane::settle(std::uint64_t incident) {
    const auto found = lines_.find(incident);
    if (found == lines_.end()) return;
    Line& line = found->second;
    leave_queues(line, incident);
    if (line.entries.empty()) {
        lines_.erase(found);
        return;
    }
    const Entry& head = line.entries.front();
    if (head.phase != Phase::queued) return;
    if (head.not_before > tools_->runtime.now()) {
        line.waiting_until = head.not_before;
        waiting_.emplace(head.not_before, incident);
        return;
    }
    line.ready_as = rank_of(line, incident);
    line.ready_unstarted = head.delivery.state == core::DeliveryState::ready;
    ready_[{worker_of(incident), line.ready_unstarted}].insert(*line.ready_as);
}

void CourierLane::release_waiting() {
    const Instant now = tools_->runtime.now();
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        settle(std::uint64_t{waiting_.begin()->second});
    }
}

/// The peer is there again: whoever waited only because it was not need not wait any longer.
void CourierLane::peer_answers() {
    const bool was_failing = health_.failing();
    health_.answered();
    if (!was_failing) return;
    std::vector<std::uint64_t> incidents;
    for (const auto& [until, incident] : waiting_) incidents.push_back(incident);
    for (const std::uint64_t incident : incidents) {
        Entry& head = lines_.at(incident).entries.front();
        head.not_before = head.asked_until;
        settle(incident);
    }
}

Instant CourierLane::blocked_until(const Rank& rank, Instant now) const {
    const bool is_page = rank.urgency == 0;
    const bool critical_page = is_page && rank.mildness <= mildness_of(core::Severity::critical);
    Instant until = rate_.free_at(now, critical_page, promised_.size());
    until = std::max(until, is_page ? pages_paused_until_ : others_paused_until_);
    // A probe that is under way ends in a dispatch of its own.
    if (health_.failing()) until = std::max(until, busy_ > 0 ? Instant::max() : health_.probe_at());
    return until;
}

void CourierLane::dispatch() {
    if (dispatching_ || when_idle_) return;
    dispatching_ = true;
    const Instant now = tools_->runtime.now();
    release_waiting();
    if (!integration_) {
        fail_ready_lines();
    } else {
        while (start_best(now)) release_waiting();
    }
    if (!waiting_.empty()) wake_at(waiting_.begin()->first);
    dispatching_ = false;
}

/// Starts the best line that has a free worker; false when nothing more can be done now.
bool CourierLane::start_best(Instant now) {
    if (busy_ + promised_.size() >= static_cast<std::size_t>(width_now_)) return false;
    const bool starts_held = now < starts_held_until_;
    const Rank* best = nullptr;
    for (const auto& [key, ranks] : ready_) {
        if (ranks.empty() || workers_[key.first]) continue;
        if (key.second && starts_held) {
            wake_at(starts_held_until_);
            continue;
        }
        if (best == nullptr || *ranks.begin() < *best) best = &*ranks.begin();
    }
    if (best == nullptr) return false;
    if (const Instant until = blocked_until(*best, now); until > now) {
        wake_at(until);
        return false;
    }
    Line& line = lines_.at(best->incident);
    leave_queues(line, std::uint64_t{best->incident});
    start(line.entries.front());
    return true;
}

void CourierLane::fail_ready_lines() {
    std::vector<std::uint64_t> incidents;
    for (const auto& [incident, line] : lines_) {
        if (line.ready_as || line.waiting_until) incidents.push_back(incident);
    }
    for (const std::uint64_t incident : incidents) {
        Line& line = lines_.at(incident);
        leave_queues(line, incident);
        give_up(line.entries.front(), "integration " + name_ + " is no longer configured");
    }
}

void CourierLane::wake_at(Instant instant) {
    if (instant == Instant::max() || (wake_ && *wake_ <= instant)) return;
    wake_ = instant;
    tools_->runtime.at(instant, [self = weak_from_this(), instant] {
        const auto lane = self.lock();
        if (!lane || lane->wake_ != instant) return;
        lane->wake_.reset();
        lane->dispatch();
    });
}

LaneStatistics CourierLane::statistics() const {
    LaneStatistics now = totals_;
    now.queued = incident_of_.size();
    now.in_flight = busy_;
    if (!ages_.empty()) now.oldest_undelivered = ages_.begin()->first;
    if (!page_ages_.empty()) now.oldest_undelivered_page = page_ages_.begin()->first;
    now.peer_failing = health_.failing();
    return now;
}

}  // namespace tocsin::shell
