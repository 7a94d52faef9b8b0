// Life without a store: undo, answer 503, say so by one page, and try again once a second.
#include <utility>

#include "core/escalation.hpp"
#include "core/limits.hpp"
#include "shell/engine.hpp"
#include "shell/engine_batch.hpp"

namespace tocsin::shell {
namespace {

/// What the page about the store looks like to an adapter: an incident that no table holds.
core::Incident store_incident(const Error& error, Instant since) {
    core::Incident incident;
    incident.key = "tocsin/store";
    incident.family = "tocsin/store";
    incident.title = "tocsin cannot write its store: " + error.message;
    incident.severity = core::Severity::critical;
    incident.rule = "tocsin/store";
    incident.cite = "nothing new can be declared until the store works again";
    incident.page = core::PageWhen::always;
    incident.opened_at = since;
    return incident;
}

bool passes_by_itself(const Error& error) {
    return error.code == "disk_full";
}

}  // namespace

void Engine::commit_failed(Stepped& stepped, const Batch& batch, const Error& error) {
    core::undo(state_, batch.changes, stepped.counters_before);
    // The first rules of a run stay, without being in force: they say whom to page about this.
    if (stepped.ruleset_before && state_.ruleset != stepped.ruleset_before) {
        state_.ruleset = stepped.ruleset_before;
        core::index(state_);
    }
    failing_ = Failing{.since = stepped.now, .error = error, .pages = {}};
    failing_flag_ = true;
    parts_.metrics.set(Metric::store_failing, 1);
    parts_.log.error("store failed; senders get 503 until it works again",
                     {{"code", error.code}, {"error", error.message}});

    const Answer failing{.kind = Answer::Kind::store_failing, .refusal = {}, .incident = 0};
    for (auto& input : stepped.inputs) reply(input, failing);
    for (auto& input : queue_) reply(input, failing);
    queue_.clear();
    finish_stop();
    probe_later();
}

void Engine::probe_later() {
    parts_.runtime.at(parts_.runtime.now() + core::limits::store_probe_every, [this] { probe(); });
}

void Engine::probe() {
    if (!failing_) return;
    const Instant now = parts_.runtime.now();
    const Status status = parts_.store.probe();
    if (status) {
        works_again(now);
        return;
    }
    failing_->error = status.error();
    // Only now: a hiccup of less than a second gets nobody out of bed.
    if (failing_->pages.empty()) page_about_store(now);
    if (!passes_by_itself(failing_->error) &&
        now - failing_->since >= core::limits::store_failing_max) {
        parts_.fatal(failing_->error.message);
    }
    probe_later();
}

void Engine::page_about_store(Instant now) {
    if (!state_.ruleset) return;
    const auto& policy = state_.ruleset->policy;
    for (const auto& pager : policy.pagers) {
        for (const auto& one : core::first_asked(*state_.ruleset, pager, now)) {
            core::Effect effect;
            effect.page_key = state_.install_id + "/store/" + format_rfc3339(failing_->since);
            if (!one.person.empty()) effect.page_key += "/" + one.person;
            effect.key = effect.page_key;
            effect.integration = pager.integration;
            effect.action = core::Action::page;
            effect.person = one.person;
            effect.address = one.address;
            effect.incident = store_incident(failing_->error, failing_->since);
            effect.text =
                effect.incident.title + "; alerts are refused (503) and will be sent again";
            effect.link = policy.public_url;
            effect.ordered_at = now;
            send_uncommitted(effect);
            failing_->pages.push_back(std::move(effect));
        }
    }
}

// No row has such an id, so its answer changes nothing when the engine hears of it.
void Engine::send_uncommitted(core::Effect effect) {
    effect.id = --uncommitted_id_;
    core::Delivery delivery;
    delivery.effect = std::move(effect);
    delivery.state = core::DeliveryState::sending;
    parts_.dispatch.take(std::move(delivery));
}

void Engine::works_again(Instant now) {
    parts_.log.warning("store works again",
                       {{"failed_for", format_duration(now - failing_->since)}});
    for (auto& effect : failing_->pages) {
        effect.action = core::Action::resolve_page;
        effect.key += "/resolve_page";
        effect.text = "tocsin's store works again";
        effect.ordered_at = now;
        send_uncommitted(effect);
    }
    failing_.reset();
    failing_flag_ = false;
    parts_.metrics.set(Metric::store_failing, 0);
    request_batch();  // what has become due meanwhile
}

}  // namespace tocsin::shell
