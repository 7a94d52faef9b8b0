// NetSimulated: lanes, roads and peers in virtual time; every draw comes from the seed.
#include "shell/net_simulated.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/match.hpp"
#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

using integrations::Answer;
using integrations::FileAppend;
using integrations::FileFind;
using integrations::HttpRequest;
using integrations::MailRequest;
using integrations::Request;

const std::string files_prefix = "file:";

Answer no_answer(Answer::Kind kind, std::string error) {
    return {.kind = kind, .status = 0, .headers = {}, .body = {}, .error = std::move(error)};
}

Answer status(int code) {
    return {.kind = Answer::Kind::answered,
            .status = code,
            .headers = {},
            .body = {},
            .error = code < 400 || code == 404 ? "" : "simulated failure"};
}

}  // namespace

NetSimulated::NetSimulated(RuntimeSimulated& runtime, std::uint64_t seed)
    : runtime_(runtime), random_(seed) {
    hosts_[files_prefix] = {};
}

void NetSimulated::peer(const std::string& url_prefix, Peer peer, Faults faults) {
    hosts_[url_prefix] = {.peer = std::move(peer), .faults = faults};
}

void NetSimulated::mail_peer(const std::string& url_prefix, MailPeer peer, Faults faults) {
    hosts_[url_prefix] = {.mail_peer = std::move(peer), .faults = faults};
}

void NetSimulated::faults(const std::string& url_prefix, Faults faults) {
    const auto found = hosts_.find(url_prefix);
    check(found != hosts_.end());
    found->second.faults = faults;
}

void NetSimulated::send(const Lane& lane, Request request, Then then) {
    std::deque<Job>& jobs = lanes_[lane];
    jobs.push_back({.request = std::move(request), .then = std::move(then)});
    if (jobs.size() == 1) start(lane);
}

/// Decides the fate of the lane's front request. Each fate draws the same number of times, so that
/// changing one probability leaves the other draws of a run alone.
void NetSimulated::start(const Lane& lane) {
    const Job& job = lanes_[lane].front();
    const Host* host = host_of(job.request);
    const Faults faults = host == nullptr ? Faults{} : host->faults;
    const double fate = random_.uniform();
    const double delay_share = random_.uniform();
    const bool twice = random_.uniform() < faults.duplicated;
    const auto spread = static_cast<double>((faults.delay_max - faults.delay_min).count());
    const Duration delay =
        faults.delay_min + Duration(static_cast<Duration::rep>(spread * delay_share));
    const Duration timeout = timeout_of(job.request);
    const auto later = [this, life = life_](Duration wait, Task task) {
        runtime_.at(runtime_.now() + wait, [this, life, task = std::move(task)] {
            if (life == life_) task();
        });
    };
    const auto finish_later = [this, lane, &later](Duration wait, Answer answer) {
        later(wait, [this, lane, answer = std::move(answer)] { finish(lane, answer); });
    };
    if (host == nullptr || fate < faults.refused) {
        finish_later(Duration(0), no_answer(Answer::Kind::unreachable, "connection refused"));
        return;
    }
    if (fate < faults.refused + faults.lost_before) {
        finish_later(timeout, no_answer(Answer::Kind::broken, "no answer in time"));
        return;
    }
    const bool answer_lost = fate < faults.refused + faults.lost_before + faults.lost_after;
    // The peer receives half-way, whether or not the sender is still there by then.
    runtime_.at(runtime_.now() + delay / 2, [this, lane, twice, answer_lost, delay, timeout,
                                             request = job.request, life = life_] {
        Answer answer = serve(lane, request);
        if (twice) static_cast<void>(serve(lane, request));
        if (life != life_) return;
        const bool late = delay >= timeout;
        const Duration rest = (answer_lost || late ? timeout : delay) - delay / 2;
        if (answer_lost || late) answer = no_answer(Answer::Kind::broken, "no answer in time");
        runtime_.at(runtime_.now() + std::max(rest, Duration(0)),
                    [this, lane, life, answer = std::move(answer)] {
                        if (life == life_) finish(lane, answer);
                    });
    });
}

void NetSimulated::finish(const Lane& lane, Answer answer) {
    std::deque<Job>& jobs = lanes_[lane];
    check(!jobs.empty());
    runtime_.post(
        [then = std::move(jobs.front().then), answer = std::move(answer)] { then(answer); });
    jobs.pop_front();
    if (!jobs.empty()) start(lane);
}

void NetSimulated::crash() {
    ++life_;
    lanes_.clear();
}

const std::vector<std::string>& NetSimulated::file(const std::string& path) {
    return files_[path].lines;
}

/// The longest prefix that fits.
NetSimulated::Host* NetSimulated::host_of(const Request& request) {
    const auto* http = std::get_if<HttpRequest>(&request);
    const auto* mail = std::get_if<MailRequest>(&request);
    if (http == nullptr && mail == nullptr) return &hosts_.at(files_prefix);
    const std::string& url = http != nullptr ? http->url : mail->url;
    Host* best = nullptr;
    std::size_t best_size = 0;
    for (auto& [prefix, host] : hosts_) {
        const bool speaks = http != nullptr ? bool(host.peer) : bool(host.mail_peer);
        if (!speaks || !url.starts_with(prefix) || prefix.size() < best_size) continue;
        best = &host;
        best_size = prefix.size();
    }
    return best;
}

Answer NetSimulated::serve(const Lane& lane, const Request& request) {
    received_.push_back({.at = runtime_.now(), .lane = lane, .request = request});
    if (const auto* mail = std::get_if<MailRequest>(&request)) {
        return host_of(request)->mail_peer(*mail);
    }
    const auto* http = std::get_if<HttpRequest>(&request);
    if (http == nullptr) return serve_file(request);
    Answer answer = host_of(request)->peer(*http);
    if (answer.body.size() > http->response_bytes_max) {
        return no_answer(Answer::Kind::broken, "the answer is too large");
    }
    return answer;
}

Answer NetSimulated::serve_file(const Request& request) {
    if (const auto* append = std::get_if<FileAppend>(&request)) {
        const auto failing = file_status_.find(append->path);
        if (failing != file_status_.end() && failing->second != 200) return status(failing->second);
        files_[append->path].lines.push_back(append->line);
        return status(200);
    }
    const auto& find = std::get<FileFind>(request);
    const auto& lines = files_[find.path].lines;
    const bool found = std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(find.text) != std::string::npos;
    });
    return status(found ? 200 : 404);
}

}  // namespace tocsin::shell
