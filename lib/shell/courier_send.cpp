// One delivery on its way: started, looked up, sent, judged, reported, repeated.

#include <algorithm>

#include "base/check.hpp"
#include "base/match.hpp"
#include "core/limits.hpp"
#include "shell/courier_lane.hpp"

namespace tocsin::shell {

namespace limits = core::limits;
using integrations::Answer;

void CourierLane::start(Entry& entry) {
    const core::Effect& effect = entry.delivery.effect;
    const Worker worker = worker_of(effect.incident.number);
    workers_[worker] = true;
    ++busy_;
    if (entry.delivery.state == core::DeliveryState::sending) {
        send(entry, worker);
        return;
    }
    entry.phase = Phase::starting;
    ++reports_open_;
    tools_->report(core::DeliveryStarted{.id = effect.id},
                   [self = weak_from_this(), id = effect.id, worker](bool committed) {
                       const auto lane = self.lock();
                       if (lane) lane->started(id, worker, committed);
                   });
}

void CourierLane::started(std::uint64_t delivery_id, Worker worker, bool committed) {
    --reports_open_;
    if (!committed) {
        starts_held_until_ = tools_->runtime.now() + limits::report_again_after;
        free_worker(worker);
        if (Entry* entry = find(delivery_id)) {
            entry->phase = Phase::queued;
            settle(entry->delivery.effect.incident.number);
        }
        dispatch();
        tell_if_idle();
        return;
    }
    if (Entry* entry = find(delivery_id)) entry->delivery.state = core::DeliveryState::sending;
    // Sent by a task of its own, so that a drop told in the same batch still comes first.
    tools_->runtime.post([self = weak_from_this(), delivery_id, worker] {
        const auto lane = self.lock();
        if (!lane) return;
        if (Entry* entry = lane->find(delivery_id)) {
            lane->send(*entry, worker);
        } else {
            lane->free_worker(worker);
        }
        lane->dispatch();
        lane->tell_if_idle();
    });
}

void CourierLane::send(Entry& entry, Worker worker) {
    entry.phase = Phase::under_way;
    if (!integration_) {
        free_worker(worker);
        give_up(entry, "integration " + name_ + " is no longer configured");
        return;
    }
    const core::Effect& effect = entry.delivery.effect;
    if (entry.ambiguous) {
        const bool ask =
            effect.action != core::Action::page || entry.look_ups < limits::page_look_ups_max;
        auto look_up = ask ? integration_->sink->look_up(effect) : std::nullopt;
        if (look_up) {
            carry(entry, worker, std::move(*look_up), true);
            return;
        }
    }
    auto request = request_for(effect);
    if (request && *request) {
        carry(entry, worker, std::move(**request), false);
        return;
    }
    free_worker(worker);
    if (request) {
        ++totals_.accepted;  // nothing to do here for this action
        finish(entry, core::Delivered{.id = effect.id, .remote = {}});
    } else {
        give_up(entry, request.error().message);
    }
}

Result<std::optional<integrations::Request>> CourierLane::request_for(
    const core::Effect& effect) const {
    const Instant now = tools_->runtime.now();
    if (!tools_->sign_link || effect.link.empty()) return integration_->sink->request(effect, now);
    core::Effect outgoing = effect;
    outgoing.link = tools_->sign_link(effect);
    return integration_->sink->request(outgoing, now);
}

void CourierLane::carry(Entry& entry, Worker worker, integrations::Request request,
                        bool is_look_up) {
    ++totals_.requests;
    rate_.count(tools_->runtime.now());
    const std::uint64_t id = entry.delivery.effect.id;
    tools_->net.send(name_ + "/" + std::to_string(worker), std::move(request),
                     [self = weak_from_this(), id, worker, is_look_up,
                      sink = integration_->sink](Answer answer) {
                         const auto lane = self.lock();
                         if (!lane) return;
                         lane->free_worker(worker);
                         is_look_up ? lane->looked_up(id, sink, answer)
                                    : lane->answered(id, sink, answer);
                         lane->dispatch();
                         lane->tell_if_idle();
                     });
}

void CourierLane::free_worker(Worker worker) {
    check(busy_ > 0 && workers_[worker]);
    workers_[worker] = false;
    --busy_;
}

void CourierLane::answered(std::uint64_t delivery_id, const Sink& sink, const Answer& answer) {
    Entry* entry = find(delivery_id);
    check(entry != nullptr);
    const bool may_have_arrived = answer.kind == Answer::Kind::broken ||
                                  (answer.kind == Answer::Kind::answered && answer.status >= 500);
    entry->ambiguous = entry->ambiguous || may_have_arrived;
    const auto judgement = sink->judge(entry->delivery.effect, answer);
    if (const auto* trouble = std::get_if<integrations::TryAgain>(&judgement)) {
        try_again(*entry, *trouble);
        return;
    }
    peer_answers();
    rate_limits_ = 0;
    if (integration_) width_now_ = std::min(width_now_ + 1, integration_->width);
    if (const auto* refusal = std::get_if<integrations::GiveUp>(&judgement)) {
        give_up(*entry, refusal->reason);
        return;
    }
    ++totals_.accepted;
    const std::string& remote = std::get<integrations::Accepted>(judgement).remote;
    finish(*entry, core::Delivered{.id = delivery_id, .remote = remote});
}

void CourierLane::looked_up(std::uint64_t delivery_id, const Sink& sink, const Answer& answer) {
    Entry* entry = find(delivery_id);
    check(entry != nullptr);
    switch (sink->found(entry->delivery.effect, answer)) {
        case integrations::Found::yes:
            peer_answers();
            ++totals_.accepted;
            finish(*entry, core::Delivered{.id = delivery_id, .remote = {}});
            return;
        case integrations::Found::no:
            peer_answers();
            entry->ambiguous = false;
            entry->phase = Phase::queued;
            settle(entry->delivery.effect.incident.number);
            return;
        case integrations::Found::unknown:
            break;
    }
    ++entry->look_ups;
    try_again(*entry, {.reason = "cannot find out whether it has arrived",
                       .retry_after = {},
                       .rate_limited = answer.status == 429});
}

void CourierLane::try_again(Entry& entry, const integrations::TryAgain& trouble) {
    const core::Effect& effect = entry.delivery.effect;
    const Instant now = tools_->runtime.now();
    const Line& line = lines_.at(effect.incident.number);
    const bool urgent = rank_of(line, effect.incident.number).urgency < 2;
    ++totals_.failed;
    ++entry.failures;
    if (!integration_) {
        give_up(entry, "integration " + name_ + " is no longer configured");
        return;
    }
    if (now - effect.ordered_at >= limits::delivery_not_after) {
        give_up(entry, "not delivered within a day: " + trouble.reason);
        return;
    }
    entry.phase = Phase::queued;
    if (trouble.rate_limited) {
        // Stays at its rank behind the pause of the lane, so that the most severe goes first.
        peer_answers();
        slow_down(trouble.retry_after);
    } else {
        health_.failed(now, tools_->random.uniform());
        const Duration longest =
            urgent ? limits::page_retry_after_max : limits::other_retry_after_max;
        const Duration asked =
            std::clamp(trouble.retry_after.value_or(Duration{0}), Duration{0}, longest);
        entry.asked_until = now + asked;
        entry.not_before =
            now + std::max(asked, backoff(urgent, entry.failures, tools_->random.uniform()));
    }
    if (entry.delivery.error != trouble.reason) {
        entry.delivery.error = trouble.reason;
        report(entry,
               core::DeliveryFailed{.id = effect.id, .reason = trouble.reason, .permanent = false});
    }
    settle(effect.incident.number);
}

void CourierLane::slow_down(std::optional<Duration> retry_after) {
    const Instant now = tools_->runtime.now();
    ++rate_limits_;
    width_now_ = 1;
    const Duration pause =
        std::max(retry_after.value_or(Duration{0}),
                 backoff(true, rate_limits_, 0.5 + tools_->random.uniform() / 2));
    pages_paused_until_ = std::max(pages_paused_until_,
                                   now + std::min<Duration>(pause, limits::page_retry_after_max));
    others_paused_until_ = std::max(others_paused_until_,
                                    now + std::min<Duration>(pause, limits::other_retry_after_max));
}

void CourierLane::give_up(Entry& entry, std::string reason) {
    ++totals_.dead;
    finish(entry,
           core::DeliveryFailed{
               .id = entry.delivery.effect.id, .reason = std::move(reason), .permanent = true});
}

void CourierLane::finish(Entry& entry, core::Event event) {
    entry.phase = Phase::judged;
    report(entry, std::move(event));
}

/// At most one report of a delivery is on its way; a newer one replaces one that still waits.
void CourierLane::report(Entry& entry, core::Event event) {
    entry.unreported = std::move(event);
    if (!entry.reporting) offer(entry);
}

void CourierLane::offer(Entry& entry) {
    core::Event event = std::move(*entry.unreported);
    entry.unreported.reset();
    entry.reporting = true;
    ++reports_open_;
    const std::uint64_t id = entry.delivery.effect.id;
    tools_->report(event, [self = weak_from_this(), id, event](bool committed) {
        const auto lane = self.lock();
        if (lane) lane->offered(id, event, committed);
    });
}

void CourierLane::offered(std::uint64_t delivery_id, core::Event event, bool committed) {
    --reports_open_;
    Entry* entry = find(delivery_id);
    check(entry != nullptr);
    if (!committed) {
        if (!entry->unreported) entry->unreported = std::move(event);
        tools_->runtime.at(tools_->runtime.now() + limits::report_again_after,
                           [self = weak_from_this(), delivery_id] {
                               const auto lane = self.lock();
                               if (!lane || lane->when_idle_) return;
                               if (Entry* again = lane->find(delivery_id)) lane->offer(*again);
                           });
        tell_if_idle();
        return;
    }
    entry->reporting = false;
    if (entry->unreported) {
        offer(*entry);
    } else if (entry->phase == Phase::judged) {
        remove(delivery_id);
        dispatch();
    }
    tell_if_idle();
}

void CourierLane::tell_if_idle() {
    if (when_idle_ && idle()) when_idle_();
}

}  // namespace tocsin::shell
