// MailClient on libcurl: the reply that decided, a total deadline, and no lie about what was sent.
#include "shell/net_mail.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "core/limits.hpp"
#include "shell/clock.hpp"

namespace tocsin::shell {
namespace {

namespace limits = core::limits;
using integrations::Answer;
using integrations::MailEncryption;
using integrations::MailRequest;

constexpr std::size_t reply_text_bytes_max = 1'000;

Answer no_answer(Answer::Kind kind, std::string error) {
    return {.kind = kind, .status = 0, .headers = {}, .body = {}, .error = std::move(error)};
}

Answer reply(int status, std::string text, const std::string& command) {
    return {.kind = Answer::Kind::answered,
            .status = status,
            .headers = {{"command", command}},
            .body = std::move(text),
            .error = {}};
}

/// scheme://host[:port]; empty when it is no address of a mail server. No user names: they would
/// show in errors.
std::string origin_of(std::string_view url) {
    const bool is_smtp = url.starts_with("smtp://") || url.starts_with("smtps://");
    const std::size_t host = url.find("://") + 3;
    const bool is_clean = std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!is_smtp || !is_clean || url.find('@') != url.npos) return {};
    const std::string_view origin = url.substr(0, url.find_first_of("/?#", host));
    return origin.size() > host ? std::string(origin) : std::string();
}

/// What would end a command early, or an address within it, and write another.
bool is_address(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < '\x7f' && c != '<' && c != '>';
    });
}

/// What is wrong with a request, found before a byte leaves; empty: nothing.
std::string problem_of(const MailRequest& mail) {
    if (origin_of(mail.url).empty()) return "the address of the mail server is not smtp[s]://HOST";
    if (!is_address(mail.from)) return "the sender is not an e-mail address";
    if (mail.to.empty()) return "the mail is to nobody";
    if (!std::ranges::all_of(mail.to, is_address)) return "a recipient is not an e-mail address";
    return {};
}

/// Why there was no reply that decides. Never the library's own words: they may hold a user name.
std::string reason_of(CURLcode code, const std::string& origin) {
    switch (static_cast<int>(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "cannot find the host of " + origin;
        case CURLE_COULDNT_CONNECT:
            return "cannot connect to " + origin;
        case CURLE_USE_SSL_FAILED:
            return origin + " offers no STARTTLS, and nothing is sent in the clear";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the certificate of " + origin + " is not trusted";
        case CURLE_SSL_CACERT_BADFILE:
            return "the trusted certificates cannot be read";
        case CURLE_SSL_CONNECT_ERROR:
            return "the TLS handshake with " + origin + " failed";
        case CURLE_OPERATION_TIMEDOUT:
            return origin + " did not answer in time";
        default:
            return "the connection to " + origin + " broke off";
    }
}

/// One mail under way, as the library's calls tell of it. Touched by one thread only.
struct Conversation {
    const MailRequest& mail;
    Duration deadline{};
    std::size_t handed_over = 0;              // bytes of the message
    std::string command;                      // the verb that the next reply answers
    bool leaving = false;                     // QUIT is on its way
    std::string lines = {};                   // of the reply so far
    int status = 0;                           // of the latest whole reply to `command`
    std::size_t reply_bytes = 0;              // of all replies
    bool endless = false;                     // there were too many
    std::optional<Duration> settled_at = {};  // there was a reply after the final dot

    void sends(std::string_view line);
    bool receives(std::string_view line);
};

/// Only verbs are looked at: other lines that we send are logins.
void Conversation::sends(std::string_view line) {
    constexpr std::array<std::string_view, 7> verbs = {"EHLO", "HELO", "STARTTLS", "AUTH",
                                                       "MAIL", "RCPT", "DATA"};
    constexpr std::string_view farewell = "QUIT";
    const std::string_view verb = line.substr(0, line.find_first_of(" \r\n"));
    if (verb == farewell) leaving = true;
    if (std::ranges::find(verbs, verb) == verbs.end()) return;
    command = verb;
    lines.clear();
    status = 0;
}

/// False: this is too much. What the server says to our QUIT is no longer about the mail.
bool Conversation::receives(std::string_view line) {
    reply_bytes += line.size();
    endless = reply_bytes > limits::mail_replies_bytes_max;
    if (endless) return false;
    const bool has_code =
        line.size() >= 3 &&
        std::all_of(line.begin(), line.begin() + 3, [](char c) { return c >= '0' && c <= '9'; });
    if (leaving || !has_code) return true;
    if (status != 0) lines.clear();  // the one before was whole
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    std::string_view text = line.substr(std::min<std::size_t>(line.size(), 4));
    text = text.substr(0, text.find_last_not_of("\r\n") + 1);
    if (!lines.empty()) lines += ' ';
    lines += text.substr(0, reply_text_bytes_max - std::min(lines.size(), reply_text_bytes_max));
    const bool is_last = line.size() < 4 || line[3] != '-';
    status = is_last ? code : 0;
    return true;
}

/// What stop() and may_have_sent() share with the thread that carries.
class Road {
public:
    ~Road() { close_all(); }
    void begin() {
        const std::lock_guard lock(mutex_);
        stopped_ = false;
        whole_sent_ = false;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        close_all();
    }
    /// Keeps a duplicate of the socket to shut it down by; false after stop().
    bool add(int descriptor) {
        const std::lock_guard lock(mutex_);
        descriptors_.push_back(::dup(descriptor));
        return !stopped_;
    }
    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
    }
    void handed_over() {
        const std::lock_guard lock(mutex_);
        whole_sent_ = true;
    }
    [[nodiscard]] bool stopped() const {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }
    [[nodiscard]] bool whole_sent() const {
        const std::lock_guard lock(mutex_);
        return whole_sent_;
    }

private:
    void close_all() {
        for (const int descriptor : descriptors_) ::close(descriptor);
        descriptors_.clear();
    }

    mutable std::mutex mutex_;
    std::vector<int> descriptors_;
    bool stopped_ = false;
    bool whole_sent_ = false;
};

struct Call {
    Conversation talk;
    Road& road;
};

std::size_t on_read(char* to, std::size_t size, std::size_t count, void* context) {
    Call& call = *static_cast<Call*>(context);
    const std::string& message = call.talk.mail.message;
    const std::size_t copied = message.copy(to, size * count, call.talk.handed_over);
    call.talk.handed_over += copied;
    // From here on the library may send the final dot by itself.
    if (call.talk.handed_over == message.size()) call.road.handed_over();
    return copied;
}

std::size_t on_reply(char* from, std::size_t size, std::size_t count, void* context) {
    Call& call = *static_cast<Call*>(context);
    const bool fits = call.talk.receives({from, size * count});
    if (call.road.whole_sent() && call.talk.status != 0 && !call.talk.settled_at) {
        call.talk.settled_at = steady_now();
    }
    return fits ? size * count : 0;
}

int on_debug(CURL* /*handle*/, curl_infotype kind, char* from, std::size_t size, void* context) {
    if (kind == CURLINFO_HEADER_OUT) static_cast<Call*>(context)->talk.sends({from, size});
    return 0;
}

/// Called about once a second also while nothing comes.
int on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const Call& call = *static_cast<const Call*>(context);
    const Duration now = steady_now();
    const auto settled = call.talk.settled_at;
    const bool enough = settled && now - *settled > limits::mail_farewell_within;
    return enough || now > call.talk.deadline || call.road.stopped() ? 1 : 0;
}

int on_socket(void* context, curl_socket_t descriptor, curlsocktype /*purpose*/) {
    const bool go_on = static_cast<Call*>(context)->road.add(descriptor);
    return go_on ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

/// Settings of one transfer; `sound` says whether the library took them all.
class Transfer {
public:
    Transfer() : handle_(curl_easy_init()), sound_(handle_ != nullptr) {}
    ~Transfer() {
        curl_slist_free_all(recipients_);
        if (handle_ != nullptr) curl_easy_cleanup(handle_);
    }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    template <class T>
    void set(CURLoption option, T value) {
        sound_ = sound_ && curl_easy_setopt(handle_, option, value) == CURLE_OK;
    }
    void set(CURLoption option, const std::string& text) { set(option, text.c_str()); }
    void to(const std::vector<std::string>& addresses) {
        for (const std::string& each : addresses) {
            curl_slist* longer = curl_slist_append(recipients_, ("<" + each + ">").c_str());
            sound_ = sound_ && longer != nullptr;
            if (longer != nullptr) recipients_ = longer;
        }
        set(CURLOPT_MAIL_RCPT, recipients_);
        set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    }
    [[nodiscard]] bool sound() const { return sound_; }
    [[nodiscard]] CURLcode perform() { return curl_easy_perform(handle_); }

private:
    CURL* handle_;
    curl_slist* recipients_ = nullptr;
    bool sound_;
};

long encryption_of(const MailRequest& mail) {
    switch (mail.encryption) {
        case MailEncryption::required:
            return CURLUSESSL_ALL;
        case MailEncryption::optional:
            return CURLUSESSL_TRY;
        case MailEncryption::never:
            return CURLUSESSL_NONE;
    }
    return CURLUSESSL_ALL;
}

void prepare(Transfer& transfer, const MailRequest& mail, const std::string& ca_file) {
    transfer.set(CURLOPT_NOSIGNAL, 1L);
    transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer.set(CURLOPT_PROXY, "");  // none from the environment either
    transfer.set(CURLOPT_FORBID_REUSE, 1L);
    transfer.set(CURLOPT_URL, mail.url);
    transfer.set(CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout / milliseconds(1)));
    transfer.set(CURLOPT_USE_SSL, encryption_of(mail));
    transfer.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!ca_file.empty()) transfer.set(CURLOPT_CAINFO, ca_file);
    if (!mail.user_name.empty()) {
        transfer.set(CURLOPT_USERNAME, mail.user_name);
        transfer.set(CURLOPT_PASSWORD, mail.password.reveal());
        // What every server has; the others only offer more ways to be set up wrongly.
        transfer.set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }
    transfer.set(CURLOPT_MAIL_FROM, "<" + mail.from + ">");
    transfer.to(mail.to);
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.message.size()));
}

void listen(Transfer& transfer, Call& call) {
    void* const context = &call;
    transfer.set(CURLOPT_READFUNCTION, &on_read);
    transfer.set(CURLOPT_READDATA, context);
    transfer.set(CURLOPT_HEADERFUNCTION, &on_reply);
    transfer.set(CURLOPT_HEADERDATA, context);
    transfer.set(CURLOPT_DEBUGFUNCTION, &on_debug);
    transfer.set(CURLOPT_DEBUGDATA, context);
    transfer.set(CURLOPT_VERBOSE, 1L);  // to on_debug, and nowhere else
    transfer.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    transfer.set(CURLOPT_XFERINFODATA, context);
    transfer.set(CURLOPT_NOPROGRESS, 0L);
    transfer.set(CURLOPT_SOCKOPTFUNCTION, &on_socket);
    transfer.set(CURLOPT_SOCKOPTDATA, context);
}

Answer judge(CURLcode code, const Conversation& talk, bool whole_sent) {
    if (talk.status >= 400 || (talk.settled_at && talk.status / 100 == 2)) {
        return reply(talk.status, talk.lines, talk.command);
    }
    if (code == CURLE_LOGIN_DENIED) return reply(504, "no way to log in in common", "AUTH");
    const std::string origin = origin_of(talk.mail.url);
    const auto kind = whole_sent ? Answer::Kind::broken : Answer::Kind::unreachable;
    if (talk.endless) return no_answer(kind, origin + " sent endless replies");
    return no_answer(kind, reason_of(code, origin));
}

}  // namespace

struct MailClient::State {
    explicit State(NetOptions given) : options(std::move(given)) {}

    const NetOptions options;
    Road road;
};

MailClient::MailClient(NetOptions options) : state_(std::make_unique<State>(std::move(options))) {}

MailClient::~MailClient() = default;

Answer MailClient::carry(const MailRequest& mail) {
    // Once in the process, by whichever lane is the first; nothing is to be undone at the end.
    static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (library != CURLE_OK) {
        return no_answer(Answer::Kind::unreachable, "the mail library does not start");
    }
    if (std::string problem = problem_of(mail); !problem.empty()) {
        return no_answer(Answer::Kind::unreachable, std::move(problem));
    }
    Road& road = state_->road;
    road.begin();
    Call call{.talk = {.mail = mail, .deadline = steady_now() + mail.timeout}, .road = road};
    Answer answer;
    {
        Transfer transfer;
        prepare(transfer, mail, mail.ca_file.empty() ? state_->options.ca_file : mail.ca_file);
        listen(transfer, call);
        const CURLcode code = transfer.sound() ? transfer.perform() : CURLE_FAILED_INIT;
        answer = judge(code, call.talk, road.whole_sent());
        if (!transfer.sound()) answer.error = "the mail library refuses its settings";
    }
    road.end();
    return answer;
}

void MailClient::stop() {
    state_->road.stop();
}

bool MailClient::may_have_sent() const {
    return state_->road.whole_sent();
}

}  // namespace tocsin::shell
