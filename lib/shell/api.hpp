#pragma once
// Api: the routes of the HTTP interface as one table, between the listener and engine or read
// store.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/ruleset.hpp"
#include "shell/access.hpp"
#include "shell/engine.hpp"
#include "shell/http.hpp"
#include "shell/metrics.hpp"
#include "shell/runtime.hpp"
#include "shell/sender_watch.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

/// What changes with the configuration; swapped whole by a reload.
struct ApiSettings {
    Access access;
    core::RulesetPtr ruleset;
    std::vector<std::string> warnings;  // shown by /-/ready; "" when all is well
    Secret link_key;                    // signs page links; empty: none fits
    std::string install_id;             // of the database
};

class Api {
public:
    struct Parts {
        Runtime& runtime;  // the engine's
        Runtime& reads;    // the thread of the read store; the same one in a simulation
        ReadStore& store;  // used by tasks of `reads` only
        Engine& engine;
        Metrics& metrics;
        Log& log;
        /// Loads the files again and swaps rules; answers with all diagnostics as text on failure.
        std::function<void(std::function<void(Status)>)> reload;
    };

    Api(Parts parts, ApiSettings settings);

    // For the listener; from any thread.
    [[nodiscard]] Admission admit(const HttpIn& head) const;
    void handle(HttpIn request, Reply reply);
    void refused(int status, const HttpIn& head, const std::string& reason);

    void set_settings(ApiSettings settings);
    void set_ready(bool ready) { ready_.store(ready); }

    // For the route table.
    struct Call;
    [[nodiscard]] Parts& parts() { return parts_; }
    [[nodiscard]] std::shared_ptr<const ApiSettings> settings() const { return settings_.load(); }
    [[nodiscard]] bool is_ready() const { return ready_.load(); }
    [[nodiscard]] SenderWatch& senders() { return senders_; }
    /// Runs `task` on the reading thread, or answers 503 when too many reads are waiting.
    void read(Reply reply, std::function<HttpReply(ReadStore&)> task);
    /// The same for a task that answers later, or hands the answering on.
    void visit(Reply reply, std::function<void(ReadStore&, const Reply&)> task);
    /// To the engine, or 503 with the reason.
    void offer(const Reply& reply, Input input);
    /// A sender keeps losing what it sends (SenderWatch); from any thread.
    void note_rejected(int status, const std::string& sender, const std::string& reason);

private:
    Parts parts_;
    std::atomic<std::shared_ptr<const ApiSettings>> settings_;
    std::atomic<bool> ready_{false};
    std::atomic<std::size_t> reads_waiting_{0};
    SenderWatch senders_;
};

}  // namespace tocsin::shell
