#pragma once
// The whole shell on simulated time: engine, courier, store and pagers, with crashes and restarts.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "integrations/json.hpp"
#include "integrations/sinks/pagerduty.hpp"
#include "integrations/sinks/webhook.hpp"
#include "shell/courier.hpp"
#include "shell/engine_report.hpp"
#include "shell/net_simulated.hpp"
#include "support/engine_world.hpp"

namespace tocsin::test {

/// PagerDuty as far as pages go: alerts by dedup key, with what happened to each in order.
struct PagerDutyFake {
    integrations::Answer answer(const integrations::HttpRequest& request) {
        integrations::Json body = *integrations::parse_json(request.body);
        const std::string key(*body.find("dedup_key")->as_text());
        const std::string action(*body.find("event_action")->as_text());
        history[key].push_back(action);
        if (action == "trigger") open.insert(key);
        if (action == "resolve") open.erase(key);
        integrations::Answer answer;
        answer.status = 202;
        answer.body =
            R"({"status":"success","message":"Event processed","dedup_key":")" + key + "\"}";
        return answer;
    }
    std::map<std::string, std::vector<std::string>> history;
    std::set<std::string> open;
};

/// One process of the daemon, from recovery to crash.
struct ShellLife {
    ShellLife(shell::RuntimeSimulated& runtime, shell::NetSimulated& net, shell::Random& random,
              const std::shared_ptr<shell::MemoryDisk>& disk,
              std::map<std::uint64_t, shell::StoreFault> faults)
        : store(shell::open_memory(disk), std::move(faults)),
          courier(runtime, net, random,
                  [this, &runtime](core::Event event, shell::Committed committed) {
                      shell::report(engine, runtime, std::move(event), std::move(committed));
                  }),
          engine({.runtime = runtime,
                  .store = store,
                  .metrics = metrics,
                  .log = log,
                  .dispatch = {
                      .would_send_now =
                          [this](const auto& effect) { return courier.would_send_now(effect); },
                      .take = [this](auto delivery) { courier.take(delivery); },
                      .drop = [this](auto id) { courier.drop(id); }},
                  .fatal = [](const auto&) {}},
                 *store.recover()) {}

    shell::Metrics metrics{{.version = "test", .integrations = {"pager", "mail"}}};
    shell::Log log{[](shell::LogLevel, const std::string&) {}};
    shell::FaultyStore store;
    shell::Courier courier;
    shell::Engine engine;
};

class ShellWorld {
public:
    explicit ShellWorld(std::uint64_t seed)
        : runtime(start_of_world, seed), net(runtime, seed), random(seed) {
        net.peer("http://pagerduty", [this](const auto& it) { return pagerduty.answer(it); });
        net.peer("http://mail", [this](const auto& request) {
            mails.push_back(request.body);
            return integrations::Answer{.kind = integrations::Answer::Kind::answered,
                                        .status = 200};
        });
    }

    /// Starts the daemon (anew) on what is on the disk.
    void start(std::map<std::uint64_t, shell::StoreFault> faults = {}) {
        life = std::make_unique<ShellLife>(runtime, net, random, disk, std::move(faults));
        life->courier.load(integrations());
        auto ruleset = std::make_shared<core::Ruleset>(*disk_full_rules());
        ruleset->policy.instance = "prod";
        ruleset->policy.pagers = {{"pager", core::Reach::service}, {"mail", core::Reach::person}};
        give(core::RulesLoaded{ruleset});
        std::vector<core::Delivery> unfinished;
        for (const auto& [id, delivery] : life->engine.state().deliveries) {
            unfinished.push_back(delivery);
        }
        std::sort(unfinished.begin(), unfinished.end(),
                  [](const auto& a, const auto& b) { return a.effect.id < b.effect.id; });
        for (auto& delivery : unfinished) life->courier.resume(std::move(delivery));
    }

    /// kill -9: everything in memory and under way is gone.
    void crash() {
        runtime.clear();
        net.crash();
        life.reset();
    }

    /// True once it is answered as committed.
    std::shared_ptr<bool> give(core::Event event) {
        auto done = std::make_shared<bool>(false);
        shell::Input input;
        input.received = runtime.now();
        input.events.push_back(std::move(event));
        input.then = [done](const shell::Answer& answer) {
            *done = answer.kind == shell::Answer::Kind::committed;
        };
        if (!life->engine.offer(std::move(input))) *done = false;
        return done;
    }

    static std::vector<integrations::Integration> integrations() {
        integrations::PagerDutySettings pager;
        pager.routing_key = Secret("0123456789abcdef0123456789abcdef");
        pager.url = {"http://pagerduty/v2"};
        integrations::WebhookSettings mail;
        mail.url = {"http://mail/hook"};
        return {{.name = "pager",
                 .kind = "pagerduty",
                 .reach = core::Reach::service,
                 .width = 4,
                 .sink = integrations::make_pagerduty(pager, {})},
                {.name = "mail",
                 .kind = "webhook",
                 .reach = core::Reach::person,
                 .sink = integrations::make_webhook(mail, {})}};
    }

    std::shared_ptr<shell::MemoryDisk> disk = EngineWorld::new_disk();
    shell::RuntimeSimulated runtime;
    shell::NetSimulated net;
    shell::RandomSeeded random;
    PagerDutyFake pagerduty;
    std::vector<std::string> mails;
    std::unique_ptr<ShellLife> life;
};

}  // namespace tocsin::test
