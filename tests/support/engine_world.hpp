#pragma once
// A whole engine with its API on simulated time, a store in memory and a courier that only notes.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shell/api.hpp"
#include "shell/engine.hpp"
#include "shell/runtime_simulated.hpp"
#include "shell/store_faulty.hpp"
#include "shell/store_memory.hpp"

namespace tocsin::test {

inline const Instant start_of_world = from_unix_seconds(1'772'330'400);  // 2026-03-01T02:00:00Z

/// One alert rule (`DiskFull` is a major incident per instance) and one pager.
inline std::shared_ptr<core::Ruleset> disk_full_rules() {
    auto ruleset = std::make_shared<core::Ruleset>();
    core::Rule rule;
    rule.name = "disk-full";
    rule.incident = "disk-full";
    rule.kind = core::RuleKind::alert;
    rule.content_hash = 1;
    rule.per = {"instance"};
    rule.alert = {*Matcher::make(Matcher::Kind::equal, "alertname", "DiskFull")};
    rule.ladder = {core::Step{.when = {},
                              .hold_for = Duration{0},
                              .outcome = core::Outcome::incident,
                              .severity = core::Severity::major,
                              .communicate = false,
                              .cite = "disk space full"}};
    ruleset->rules.push_back(std::move(rule));
    ruleset->policy.pagers = {{.integration = "pager", .reach = core::Reach::service}};
    ruleset->sources["default"] = core::Source{.name = "default", .labels = {}, .expect_alert = ""};
    ruleset->index();
    return ruleset;
}

struct EngineWorld {
    using Faults = std::map<std::uint64_t, shell::StoreFault>;

    explicit EngineWorld(Faults faults = {}, shell::Access access = {})
        : store(shell::open_memory(disk), std::move(faults)),
          reader(shell::open_memory_reader(disk)),
          engine({.runtime = runtime,
                  .store = store,
                  .metrics = metrics,
                  .log = log,
                  .dispatch = {.would_send_now = [this](const auto&) { return lane_free; },
                               .take = [this](auto delivery) { taken.push_back(delivery); },
                               .drop = [this](auto id) { dropped.push_back(id); }},
                  .alert_arrived = {},
                  .fatal = [this](const auto& why) { fatal.push_back(why); }},
                 recovered()),
          api({.runtime = runtime,
               .reads = runtime,
               .store = *reader,
               .engine = engine,
               .metrics = metrics,
               .log = log,
               .reload = [this](auto done) { done(reload_status); }},
              {.access = std::move(access), .ruleset = disk_full_rules(), .warnings = {}}) {}

    core::State recovered() {
        auto state = store.recover();
        return state ? *std::move(state) : core::State{};
    }

    void load_rules() {
        (void)give(core::RulesLoaded{disk_full_rules()});
        runtime.run_until_idle();
    }

    /// The answers arrive in `answers`.
    bool give(core::Event event) {
        shell::Input input;
        input.received = runtime.now();
        input.events.push_back(std::move(event));
        input.then = [this](const shell::Answer& answer) { answers.push_back(answer); };
        return engine.offer(std::move(input));
    }

    core::AlertSeen alert(const std::string& instance, bool firing = true) const {
        core::AlertSeen seen;
        seen.source = "default";
        seen.labels = Labels{{"alertname", "DiskFull"}, {"instance", instance}};
        seen.firing = firing;
        seen.starts_at = runtime.now();
        if (!firing) seen.ends_at = runtime.now();
        return seen;
    }

    shell::HttpReply request(const std::string& method, const std::string& path,
                             std::string body = "", shell::HttpIn more = {}) {
        more.method = method;
        more.path = path;
        more.body = std::move(body);
        if (more.peer.empty()) more.peer = "127.0.0.1:40000";
        if (more.header("host").empty()) more.headers.emplace_back("host", "127.0.0.1:9120");
        int replies = 0;
        shell::HttpReply reply;
        api.handle(std::move(more), [&](shell::HttpReply got) {
            reply = std::move(got);
            ++replies;
        });
        runtime.run_until_idle();
        if (replies != 1) reply.status = -replies;
        return reply;
    }

    static shell::HttpIn with(std::string name, std::string value) {
        shell::HttpIn head;
        head.headers.emplace_back(std::move(name), std::move(value));
        return head;
    }

    static std::shared_ptr<shell::MemoryDisk> new_disk() {
        auto disk = std::make_shared<shell::MemoryDisk>();
        disk->install_id = "0123456789abcdef";
        return disk;
    }

    std::shared_ptr<shell::MemoryDisk> disk = new_disk();
    shell::RuntimeSimulated runtime{start_of_world};
    shell::FaultyStore store;
    std::unique_ptr<shell::ReadStore> reader;  // opened once the store has laid out the disk
    shell::Metrics metrics{{.version = "test", .integrations = {"pager"}, .sources = {"us"}}};
    std::vector<std::string> lines;
    shell::Log log{[this](shell::LogLevel, const std::string& line) { lines.push_back(line); }};
    bool lane_free = true;
    std::vector<core::Delivery> taken;
    std::vector<std::uint64_t> dropped;
    std::vector<std::string> fatal;
    std::vector<shell::Answer> answers;
    Status reload_status;
    shell::Engine engine;
    shell::Api api;
};

}  // namespace tocsin::test
