// The wiring and the life of the daemon: start, reload, stop.
#include "daemon/service.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

#include "base/text.hpp"
#include "config/expand.hpp"
#include "core/limits.hpp"
#include "daemon/wiring.hpp"
#include "integrations/link.hpp"
#include "shell/engine_report.hpp"

namespace tocsin::daemon {

namespace {

// By rename: who waits for the file never reads half of it.
void write_port_file(const std::string& data_dir, int port) {
    const std::string path = data_dir + "/port";
    std::ofstream(path + ".new") << port << "\n";
    std::rename((path + ".new").c_str(), path.c_str());
}

}  // namespace

Service::Service(Ground ground, shell::Systemd& systemd, shell::Log& log)
    : systemd_(systemd),
      log_(log),
      config_path_(std::move(ground.config_path)),
      loaded_(std::move(ground.loaded)),
      on_loopback_(ground.on_loopback),
      link_key_(std::move(ground.link_key)),
      metrics_(metric_names(loaded_.config)),
      store_(std::move(ground.store)),
      reader_(std::move(ground.reader)),
      runtime_([this](Duration by) {
          metrics_.add(shell::Metric::clock_jumps);
          log_.warning("the wall clock jumped", {{"seconds", format_number(to_seconds(by))}});
      }),
      net_(runtime_, {.ca_file = {}, .user_agent = "tocsin/" TOCSIN_VERSION}),
      heartbeat_(runtime_, [this](auto event, auto done) { report(std::move(event), done); }),
      poller_(runtime_, net_, heartbeat_,
              [this](auto event, auto done) { report(std::move(event), done); }),
      courier_(
          runtime_, net_, random_,
          [this](auto event, auto done) { report(std::move(event), done); },
          [this](const auto& effect) { return integrations::signed_link(link_key_, effect); }),
      reads_(std::make_unique<shell::ReaderThread>()),
      engine_(engine_parts(), std::move(ground.state)),
      api_(api_parts(), api_settings()) {
    for (const auto& [id, delivery] : engine_.state().deliveries) to_resume_.push_back(delivery);
}

// Nobody may call in any more before the first part goes.
Service::~Service() {
    signals_.reset();
    if (listener_) listener_->stop(seconds(2));
    listener_.reset();
    reads_.reset();
}

shell::Engine::Parts Service::engine_parts() {
    shell::Dispatch dispatch;
    dispatch.would_send_now = [this](const auto& effect) {
        return courier_.would_send_now(effect);
    };
    dispatch.take = [this](core::Delivery delivery) { courier_.take(std::move(delivery)); };
    dispatch.drop = [this](std::uint64_t id) { courier_.drop(id); };
    return {.runtime = runtime_,
            .store = *store_,
            .metrics = metrics_,
            .log = log_,
            .dispatch = std::move(dispatch),
            .alert_arrived = [this](const core::AlertSeen& alert) { heard_alert(alert); },
            .list_arrived = [this](core::AlertsListed& list) { poller_.amend(list); },
            .fatal = [this](const std::string& why) { fatal(why); }};
}

shell::Api::Parts Service::api_parts() {
    return {.runtime = runtime_,
            .reads = *reads_,
            .store = *reader_,
            .engine = engine_,
            .metrics = metrics_,
            .log = log_,
            .reload = [this](std::function<void(Status)> done) { reload(std::move(done)); }};
}

shell::ApiSettings Service::api_settings() const {
    auto warnings = warnings_of(loaded_);
    if (!listener_note_.empty()) warnings.push_back(listener_note_);
    return {.access = access_of(loaded_.config, on_loopback_),
            .ruleset = loaded_.ruleset,
            .warnings = std::move(warnings),
            .link_key = link_key_,
            .install_id = engine_.state().install_id};
}

int Service::run() {
    signals_ = std::make_unique<shell::Signals>(runtime_, [this](shell::Signal signal) {
        if (signal == shell::Signal::stop) return stop();
        if (listener_) reload([](const Status&) {});
    });
    runtime_.post([this] { start(); });
    runtime_.run();
    return exit_code_;
}

void Service::start() {
    systemd_.feed_watchdog(runtime_);
    courier_.load(loaded_.config.integrations);
    load_first_rules();
    // Behind the rules in the inbox, so that their answers meet a state that is whole.
    std::sort(to_resume_.begin(), to_resume_.end(),
              [](const auto& a, const auto& b) { return a.effect.id < b.effect.id; });
    for (auto& delivery : to_resume_) courier_.resume(std::move(delivery));
    to_resume_.clear();
}

void Service::load_first_rules() {
    shell::Input input;
    input.received = runtime_.now();
    input.events.emplace_back(core::RulesLoaded{loaded_.ruleset});
    input.documents = documents_of(loaded_);
    input.then = [this](const shell::Answer& answer) {
        if (answer.kind == shell::Answer::Kind::committed) return open_door();
        systemd_.status("waiting for the store");
        runtime_.at(runtime_.now() + core::limits::store_probe_every,
                    [this] { load_first_rules(); });
    };
    if (!engine_.offer(std::move(input))) fatal("the first rules could not be loaded");
}

void Service::open_door() {
    if (listener_ || stopping_) return;
    const auto sockets = systemd_.inherited_sockets();
    shell::ListenOptions options;
    options.address = loaded_.config.listen;
    if (!sockets.empty()) options.inherited_fd = sockets.front();
    auto listening = shell::listen(
        options, [this](const shell::HttpIn& head) { return api_.admit(head); },
        [this](shell::HttpIn request, shell::Reply reply) {
            api_.handle(std::move(request), std::move(reply));
        },
        [this](int status, const shell::HttpIn& head, const std::string& reason) {
            api_.refused(status, head, reason);
        });
    if (!listening) return fatal(listening.error().message);
    listener_ = *std::move(listening);
    listener_note_ = listener_->note();
    if (loaded_.config.listen.ends_with(":0")) {
        write_port_file(loaded_.config.data_dir, listener_->port());
    }
    apply(std::move(loaded_));
    api_.set_ready(true);
    measure();
    const std::string where = "listening on port " + std::to_string(listener_->port());
    systemd_.ready(where);
    expand_later(core::limits::expand_again_every);
    log_.info("ready", {{"port", std::to_string(listener_->port())},
                        {"rules", std::to_string(loaded_.ruleset->rules.size())},
                        {"version", TOCSIN_VERSION}});
    for (const auto& warning : api_.settings()->warnings) log_.warning(warning);
}

void Service::apply(config::Loaded loaded) {
    loaded_ = std::move(loaded);
    metrics_.extend(metric_names(loaded_.config));
    metrics_.set(shell::Metric::pager_reaches_a_person, reaches_a_person(loaded_) ? 1 : 0);
    metrics_.set(shell::Metric::reload_successful, 1);
    metrics_.set(shell::Metric::reload_success_time, to_unix_seconds(runtime_.now()));
    metrics_.set(shell::Metric::config_hash, config_hash(loaded_, config_path_));
    heartbeat_.load(watched_sources(loaded_.config));
    poller_.load(loaded_.ruleset, polled_sources(loaded_.config));
    api_.set_settings(api_settings());
}

// The files are read and compiled on the reading thread: a page never waits for a reload.
void Service::reload(std::function<void(Status)> done) {
    reads_->post([this, done = std::move(done)] {
        auto result = std::make_shared<config::LoadResult>(
            config::load(config_path_, config::DiskFiles(), runtime_.now()));
        runtime_.post([this, result, done] { adopt(result, done); });
    });
}

void Service::adopt(const std::shared_ptr<config::LoadResult>& result,
                    const std::function<void(Status)>& done) {
    systemd_.reloading();
    if (!result->loaded) return reload_failed({"bad_config", rendered(*result)}, done);
    // Integrations first: the new rules may order deliveries to them in the commit that loads them.
    courier_.load(result->loaded->config.integrations);
    shell::Input input;
    input.received = runtime_.now();
    input.events.emplace_back(core::RulesLoaded{result->loaded->ruleset});
    input.documents = documents_of(*result->loaded);
    input.then = [this, result, done](const shell::Answer& answer) {
        --adopting_;
        if (answer.kind != shell::Answer::Kind::committed) {
            courier_.load(loaded_.config.integrations);
            return reload_failed({"store_failing", "the store cannot be written"}, done);
        }
        if (result->loaded->config.listen != loaded_.config.listen ||
            result->loaded->config.data_dir != loaded_.config.data_dir) {
            log_.warning("listen and data_dir change with a restart only");
        }
        apply(std::move(*result->loaded));
        log_.info("reloaded", {{"rules", std::to_string(loaded_.ruleset->rules.size())}});
        systemd_.ready("reloaded");
        done({});
    };
    ++adopting_;
    if (engine_.offer(std::move(input))) return;
    --adopting_;
    courier_.load(loaded_.config.integrations);
    reload_failed({"inbox_full", "too much is waiting; try again"}, done);
}

void Service::reload_failed(const Error& error, const std::function<void(Status)>& done) {
    metrics_.set(shell::Metric::reload_successful, 0);
    log_.error("reload failed; the rules before it stay in force", {{"error", error.message}});
    systemd_.ready("the last reload failed");
    done(error);
}

void Service::expand_later(Duration wait) {
    runtime_.at(runtime_.now() + wait, [this] { expand_again(); });
}

// Schedules, working hours and windows are known for a year ahead; each day adds one. No file is
// read for it, and it is done where files would be, for it takes as long as many pages.
void Service::expand_again() {
    auto known = std::make_shared<config::Loaded>();
    known->config = loaded_.config;
    known->ruleset = loaded_.ruleset;
    reads_->post([this, known, now = runtime_.now()] {
        auto ruleset = config::expanded_again(*known, now);
        runtime_.post([this, known, ruleset] { adopt_expansion(known->ruleset, ruleset); });
    });
}

void Service::adopt_expansion(const core::RulesetPtr& of, const core::RulesetPtr& ruleset) {
    if (stopping_) return;
    // A reload under way, or done meanwhile, has expanded its own.
    if (adopting_ > 0 || loaded_.ruleset != of) return expand_later(core::limits::expand_retry);
    shell::Input input;
    input.received = runtime_.now();
    input.events.emplace_back(core::RulesLoaded{ruleset});
    input.documents = documents_of(loaded_);
    input.then = [this, of, ruleset](const shell::Answer& answer) {
        if (answer.kind != shell::Answer::Kind::committed) {
            return expand_later(core::limits::expand_retry);
        }
        if (loaded_.ruleset == of) {
            loaded_.ruleset = ruleset;
            api_.set_settings(api_settings());
        }
        expand_later(core::limits::expand_again_every);
        log_.info("on-call expanded", {{"until", format_rfc3339(ruleset->roster.expanded.until)}});
    };
    if (!engine_.offer(std::move(input))) expand_later(core::limits::expand_retry);
}

void Service::measure() {
    const auto statistics = poller_.statistics();
    for (const auto& now : statistics) {
        shell::PollStatistics before;
        for (const auto& earlier : polls_before_) {
            if (earlier.source == now.source) before = earlier;
        }
        const auto grown = [](std::uint64_t is, std::uint64_t was) {
            return static_cast<double>(is >= was ? is - was : is);
        };
        using shell::Metric;
        const double failed = grown(now.failed, before.failed);
        const double asked = grown(now.asked, before.asked);
        metrics_.add(Metric::polls, {now.source, "complete"}, std::max(0.0, asked - failed));
        metrics_.add(Metric::polls, {now.source, "failed"}, failed);
        metrics_.add(Metric::polls, {now.source, "missed"},
                     grown(now.slots_missed, before.slots_missed));
    }
    polls_before_ = statistics;
    for (const auto& status : heartbeat_.statuses()) {
        metrics_.set(shell::Metric::source_up, status.silent ? 0 : 1, {status.source});
    }
    runtime_.at(runtime_.now() + core::limits::measure_every, [this] { measure(); });
}

// No further request, no further poll; what is under way is answered and committed; then the end.
void Service::stop() {
    if (stopping_) return runtime_.stop();  // asked twice
    stopping_ = true;
    log_.info("stopping");
    systemd_.stopping();
    api_.set_ready(false);
    if (listener_) listener_->drain();
    poller_.stop();
    courier_.drain([this] { engine_.stop([this] { runtime_.stop(); }); });
    runtime_.at(runtime_.now() + core::limits::stop_within, [this] { runtime_.stop(); });
}

void Service::fatal(const std::string& why) {
    log_.error("tocsin ends", {{"because", why}});
    exit_code_ = 1;
    runtime_.stop();
}

void Service::heard_alert(const core::AlertSeen& alert) {
    heartbeat_.alert_seen(alert.source, alert.labels.get("alertname"), alert.firing);
    if (!alert.firing) return;
    const auto& sources = loaded_.config.sources;
    const bool polled = std::any_of(sources.begin(), sources.end(), [&](const auto& source) {
        return source.kind == config::SourceKind::alertmanager && source.name == alert.source;
    });
    if (polled) poller_.alert_pushed(alert.source, alert.labels.fingerprint());
}

void Service::report(core::Event event, shell::Committed committed) {
    shell::report(engine_, runtime_, std::move(event), std::move(committed));
}

}  // namespace tocsin::daemon
