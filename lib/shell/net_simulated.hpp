#pragma once
// NetSimulated: the twin of the real Net; scripted peers, seeded delay, loss and duplicates.

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "shell/net.hpp"
#include "shell/random.hpp"
#include "shell/runtime_simulated.hpp"

namespace tocsin::shell {

/// What a simulated road does to requests; probabilities in [0, 1].
struct Faults {
    Duration delay_min = milliseconds(1);
    Duration delay_max = milliseconds(1);
    double refused = 0;      // unreachable at once, never received
    double lost_before = 0;  // never received; the sender sees a timeout (broken)
    double lost_after = 0;   // received, its answer is lost; the sender sees broken
    double duplicated = 0;   // received twice; the sender sees the first answer
};

/// Peers are chosen by the longest URL prefix; without one the answer is unreachable. Files live
/// in memory and survive as long as this object: they are the outside.
class NetSimulated final : public Net {
public:
    using Peer = std::function<integrations::Answer(const integrations::HttpRequest&)>;
    using MailPeer = std::function<integrations::Answer(const integrations::MailRequest&)>;
    struct Received {
        Instant at;
        Lane lane;
        integrations::Request request;
    };

    NetSimulated(RuntimeSimulated& runtime, std::uint64_t seed);

    void peer(const std::string& url_prefix, Peer peer, Faults faults = {});
    void mail_peer(const std::string& url_prefix, MailPeer peer, Faults faults = {});
    void faults(const std::string& url_prefix, Faults faults);  // of a known peer or "file:"
    void send(const Lane& lane, integrations::Request request, Then then) override;
    /// Forgets what is under way, as a crash of the sender does; what the peers received stays.
    void crash();

    [[nodiscard]] const std::vector<Received>& received() const { return received_; }
    [[nodiscard]] const std::vector<std::string>& file(const std::string& path);
    /// Appends to this path answer with the status (507, 500) until it is 200 again.
    void file_status(const std::string& path, int status) { file_status_[path] = status; }

private:
    struct Job {
        integrations::Request request;
        Then then;
    };
    struct Host {
        Peer peer = {};
        MailPeer mail_peer = {};
        Faults faults;
    };
    struct File {
        std::vector<std::string> lines;
    };
    void start(const Lane& lane);
    void finish(const Lane& lane, integrations::Answer answer);
    Host* host_of(const integrations::Request& request);
    integrations::Answer serve(const Lane& lane, const integrations::Request& request);
    integrations::Answer serve_file(const integrations::Request& request);

    RuntimeSimulated& runtime_;
    RandomSeeded random_;
    std::map<std::string, Host> hosts_;
    std::map<std::string, File> files_;
    std::map<std::string, int> file_status_;
    std::map<Lane, std::deque<Job>> lanes_;  // front: under way
    std::vector<Received> received_;
    std::uint64_t life_ = 0;  // counts crashes; answers of an earlier life are dropped
};

}  // namespace tocsin::shell
