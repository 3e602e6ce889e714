// Above the list of submissions: grades them all, shows how far that is, and leads to what was repaired.
$(window).on("load", function () {
    var url = base_url + "/formgrader/api/assignment/" + encodeURIComponent(assignment_id) + "/batch";
    var watched = false; // whether a batch ran while this page was open

    function words(state) {
        if (state.running && state.kind === "feedback") {
            return state.done ? state.done + " pages of feedback made" : "Makes the feedback, and releases it …";
        }
        if (state.running) {
            return state.of ? state.done + " of " + state.of + " graded" : "Begins, and tries the author's solution first …";
        }
        return state.lines[state.lines.length - 1] || "";
    }

    function show(state) {
        if (!state.lines) {
            return;
        }
        var share = state.running ? (state.of ? 100 * state.done / state.of : 0) : 100;
        $("#batch").prop("hidden", false);
        $("#grade-all").prop("disabled", state.running);
        $("#batch-bar").css("width", Math.max(share, 2) + "%").attr("aria-valuenow", Math.round(share))
            .toggleClass("progress-bar-striped active", state.running)
            .toggleClass("progress-bar-success", !state.running && state.success)
            .toggleClass("progress-bar-danger", !state.running && !state.success);
        $("#batch-said").text(words(state)).toggleClass("text-danger", !state.running && !state.success);
        $("#batch-log").text(state.lines.join("\n"));
        if (state.running) {
            watched = true;
            setTimeout(look, 500);
        } else if (watched) {
            watched = false;
            models.each(function (model) { model.fetch(); });
            repaired();
        }
    }

    function repaired() {
        var where = base_url + "/formgrader/api/assignment/" + encodeURIComponent(assignment_id) + "/repaired";
        request(where, "GET").done(function (pages) {
            var whose = $("#repaired-whose").empty();
            Object.keys(pages).forEach(function (name, index) {
                whose.append(index ? ", " : "", $("<a>", {target: "_blank", rel: "noopener"}).attr("href", pages[name]).text(name));
            });
            $("#repaired").prop("hidden", !whose.children().length);
        });
    }

    function lost() {
        $("#grade-all").prop("disabled", false);
        $("#batch").prop("hidden", false);
        $("#batch-said").text("The server does not answer. This page asks again in a few seconds.").addClass("text-danger");
        setTimeout(look, 5000);
    }

    // Without the token even a question is sent to sign in anew, which makes every other token of this page worthless.
    function request(where, type) {
        return $.ajax({url: where, type: type, dataType: "json", headers: {"X-CSRFToken": getCookie("_xsrf")}});
    }

    function ask(type) {
        return request(url, type).done(show).fail(lost);
    }

    function look() {
        ask("GET");
    }

    $("#grade-all").on("click", function () {
        $(this).prop("disabled", true);
        ask("POST");
    });
    look();
    repaired();
});
