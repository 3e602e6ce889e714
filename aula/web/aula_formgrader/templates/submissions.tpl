{%- extends 'manage_submissions.tpl' -%}

{%- block head -%}
{{ super() }}
<script src="{{ base_url }}/formgrader/aula/batch.js"></script>
{%- endblock -%}

{%- block messages -%}
<div class="panel panel-default">
  <div class="panel-body">
    <button type="button" id="grade-all" class="btn btn-primary">
      <span class="glyphicon glyphicon-flash" aria-hidden="true"></span> Grade all
    </button>
    <span class="text-muted">&nbsp; All that was collected and has changed since it was graded, each in a sandbox of its own.
      The flash in a row grades one.</span>
    <p id="repaired" hidden style="margin: 15px 0 0">
      <span class="glyphicon glyphicon-wrench" aria-hidden="true"></span>
      Damaged and repaired, see the difference: <span id="repaired-whose"></span>
    </p>
    <div id="batch" hidden style="margin-top: 15px">
      <div class="progress" style="margin-bottom: 8px">
        <div id="batch-bar" class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"
             aria-label="Submissions graded"></div>
      </div>
      <p id="batch-said" role="status" style="margin: 0"></p>
      <details style="margin-top: 8px">
        <summary style="display: list-item; cursor: pointer">What was said</summary>
        <pre id="batch-log" style="max-height: 20em; margin: 8px 0 0"></pre>
      </details>
    </div>
  </div>
</div>
{%- endblock -%}
