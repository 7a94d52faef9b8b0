#pragma once
// Service: the running daemon, every part of it wired to the others.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "shell/api.hpp"
#include "shell/courier.hpp"
#include "shell/engine.hpp"
#include "shell/heartbeat.hpp"
#include "shell/listener.hpp"
#include "shell/log.hpp"
#include "shell/metrics.hpp"
#include "shell/net_threads.hpp"
#include "shell/poller.hpp"
#include "shell/random.hpp"
#include "shell/reader_thread.hpp"
#include "shell/runtime_threads.hpp"
#include "shell/signals.hpp"
#include "shell/store.hpp"
#include "shell/systemd.hpp"

namespace tocsin::daemon {

/// What had to succeed before anything could be wired.
struct Ground {
    std::string config_path;
    config::Loaded loaded;
    std::unique_ptr<shell::Store> store;
    std::unique_ptr<shell::ReadStore> reader;
    core::State state;  // as recovered
    bool on_loopback = true;
    Secret link_key;
};

class Service {
public:
    Service(Ground ground, shell::Systemd& systemd, shell::Log& log);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Until a signal or a fatal error; the exit code of the program.
    int run();

private:
    shell::Engine::Parts engine_parts();
    shell::Api::Parts api_parts();
    [[nodiscard]] shell::ApiSettings api_settings() const;
    void start();
    void load_first_rules();
    void open_door();
    void apply(config::Loaded loaded);
    void adopt(const std::shared_ptr<config::LoadResult>& result,
               const std::function<void(Status)>& done);
    void reload(std::function<void(Status)> done);
    void reload_failed(const Error& error, const std::function<void(Status)>& done);
    void expand_later(Duration wait);
    void expand_again();
    void adopt_expansion(const core::RulesetPtr& of, const core::RulesetPtr& ruleset);
    void measure();
    void stop();
    void fatal(const std::string& why);
    void heard_alert(const core::AlertSeen& alert);
    void report(core::Event event, shell::Committed committed);

    shell::Systemd& systemd_;
    shell::Log& log_;
    std::string config_path_;
    config::Loaded loaded_;
    bool on_loopback_;
    Secret link_key_;
    std::vector<core::Delivery> to_resume_;
    std::vector<shell::PollStatistics> polls_before_;
    std::string listener_note_;
    int exit_code_ = 0;
    int adopting_ = 0;  // reloads on their way through the engine
    bool stopping_ = false;

    // In the order of dependence; the destructor takes them down in reverse.
    shell::Metrics metrics_;
    std::unique_ptr<shell::Store> store_;
    std::unique_ptr<shell::ReadStore> reader_;
    shell::RuntimeThreads runtime_;
    shell::RandomSystem random_;
    shell::NetThreads net_;
    shell::Heartbeat heartbeat_;
    shell::Poller poller_;
    shell::Courier courier_;
    std::unique_ptr<shell::ReaderThread> reads_;
    shell::Engine engine_;
    shell::Api api_;
    std::unique_ptr<shell::Listener> listener_;
    std::unique_ptr<shell::Signals> signals_;
};

}  // namespace tocsin::daemon
