INSERT INTO case_numbers ("prefix", "year", "last") VALUES ('L', 2026, 1);
INSERT INTO case_numbers ("prefix", "year", "last") VALUES ('S', 2026, 1);
INSERT INTO cases ("id", "seq", "head", "process", "definition", "version", "status", "node", "filer", "created_at", "closed_at", "due_at", "state") VALUES ('L-2026-0001', 11, 'e3324b71064380b0190bec979f47ce9dea994aa442a8a411a014c23920166e3d', 'launch', 'f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d', 1, 'running', 'market_assessment', 'p_000014', 1783476000000000, NULL, 1783936800000000, '{"v":3,"id":"L-2026-0001","process":"launch","definition":"f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d","filer":"p_000014","status":"running","created_at":1783476000000000,"seq":11,"node":"market_assessment","entered":2,"visits":[{"id":"v2","node":"market_assessment","round":1}],"scopes":[{"rounds":[["rnd_review",1],["market_assessment",1]]}],"tasks":[{"id":"t1","node":"rnd_review","round":1,"visit":"v1","status":"done","assignee":"p_000013","candidates":[],"opened_at":1783476000000000,"outcome":"approve","decided_by":"p_000013","decided_at":1783476000000000,"content":{"id":"k_001021","digest":"2:3e79c37974c78fe23ad4c28300c1aa85657dc73521439164b33289f8f28d848a"}},{"id":"t2","node":"market_assessment","round":1,"visit":"v2","status":"open","assignee":"p_000016","candidates":[],"opened_at":1783476000000000}],"clocks":[{"key":"task:t1","status":"stopped","started_at":1783476000000000,"limit":"3wd","ladder":"review","due_at":1783936800000000,"planned":[],"stopped_at":1783476000000000,"met":true},{"key":"task:t2","status":"running","started_at":1783476000000000,"limit":"3wd","ladder":"review","due_at":1783936800000000,"planned":[{"id":"0","at":1783647000000000},{"id":"1","at":1783936800000000},{"id":"2","at":1784010600000000},{"id":"3","at":1784023200000000,"charges":true},{"id":"4","at":1784109600000000},{"id":"5","at":1784196000000000}]}],"forms":[["start",{"id":"k_001019","digest":"2:bbc93579f9f9e6a83c590c5d99ea09d4abedde9011fe757971da28e21b186492"}],["task:rnd_review",{"id":"k_001021","digest":"2:3e79c37974c78fe23ad4c28300c1aa85657dc73521439164b33289f8f28d848a"}]],"facts":[{"name":"amount","number":18000000,"seq":2,"at":1783476000000000,"tables":[["rate",0]]}]}');
INSERT INTO cases ("id", "seq", "head", "process", "definition", "version", "status", "node", "filer", "created_at", "closed_at", "due_at", "state") VALUES ('S-2026-0001', 61, '8237ff79b66b203575faf0772b8592ae760ebe34f34f04eab800119d58051f14', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 1, 'running', 'assessed', 'p_000019', 1772413200000000, NULL, 1791853200000000, '{"v":3,"id":"S-2026-0001","process":"supplier","definition":"04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786","filer":"p_000019","status":"running","created_at":1772413200000000,"seq":61,"node":"assessed","entered":9,"visits":[{"id":"v4","node":"active","round":1}],"scopes":[{"rounds":[["certificate_check",1],["admission",1],["contract",1],["active",1]]},{"id":"v4","fork":"active","rest":{"latest":[{"start":"quarterly","period":"2026-Q2"}]}},{"id":"v5","fork":"active","parent":"v4","branch":"v5","joined":true,"rounds":[["assess",1],["assessed",1]],"copied":["p_000018","p_000020"],"opened":{"target":"assess","reasons":[{"start":"quarterly","period":"2026-Q2"}]}},{"id":"v6","fork":"assess","parent":"v5","branch":"assess","joined":true,"rounds":[["score_quality",1],["score_purchasing",1]]}],"tasks":[{"id":"t1","node":"certificate_check","round":1,"visit":"v1","status":"done","assignee":"p_000021","candidates":[],"opened_at":1772413200000000,"outcome":"approve","decided_by":"p_000021","decided_at":1772413200000000,"edited":["opinion","contract_end","contract_file","contract_start","quality","delivery","price","service"],"verdicts":[{"subject":"license","outcome":"approve","by":"p_000021","at":1772413200000000},{"subject":"iso9001","outcome":"approve","by":"p_000021","at":1772413200000000},{"subject":"safety","outcome":"approve","by":"p_000021","at":1772413200000000}]},{"id":"t2","node":"admission","round":1,"visit":"v2","seat":1,"status":"done","assignee":"p_000018","candidates":[],"opened_at":1772413200000000,"outcome":"approve","decided_by":"p_000018","decided_at":1772413200000000,"content":{"id":"k_001007","digest":"2:34338427857d042d44c9509203360814c9f285678ac54e7e1f434d5ec30cc5e0"},"edited":["contract_end","contract_file","contract_start","quality","delivery","price","service"]},{"id":"t3","node":"admission","round":1,"visit":"v2","seat":2,"status":"done","assignee":"p_000020","candidates":[],"opened_at":1772413200000000,"outcome":"approve","decided_by":"p_000020","decided_at":1772413200000000,"content":{"id":"k_001009","digest":"2:98410ae550896866b7fd4e006a05682975e3b00007a6cc5c7f85a2467ef30814"},"edited":["contract_end","contract_file","contract_start","quality","delivery","price","service"]},{"id":"t4","node":"contract","round":1,"visit":"v3","status":"done","assignee":"p_000019","candidates":[],"opened_at":1772413200000000,"outcome":"complete","decided_by":"p_000019","decided_at":1772413200000000,"content":{"id":"k_001012","digest":"2:f1343302998fe48b185fbb2addc996fbd0cff4f4794ce448e63f39ef1aa02b3a"},"edited":["quality","delivery","price","service"]},{"id":"t5","node":"score_quality","round":1,"visit":"v7","scope":"v6","branch":"score_quality","status":"done","assignee":"p_000021","candidates":[],"opened_at":1783386000000000,"outcome":"complete","decided_by":"p_000021","decided_at":1783476000000000,"content":{"id":"k_001014","digest":"2:a68ae5689167b67186720a828bb08597bb761a41593047a32038324b40f6e624"},"edited":["delivery","price","service"]},{"id":"t6","node":"score_purchasing","round":1,"visit":"v8","scope":"v6","branch":"score_purchasing","status":"done","assignee":"p_000019","candidates":[],"opened_at":1783386000000000,"outcome":"complete","decided_by":"p_000019","decided_at":1783476000000000,"content":{"id":"k_001016","digest":"2:10ec22a57bf4518c8ec5e9d88a23a458a82e84ee22f22e702bdad47d7d4469cc"}}],"clocks":[{"key":"task:t1","status":"stopped","started_at":1772413200000000,"limit":"5wd","ladder":"step","due_at":1773050400000000,"planned":[],"stopped_at":1772413200000000,"met":true},{"key":"task:t2","status":"stopped","started_at":1772413200000000,"limit":"3wd","ladder":"step","due_at":1772704800000000,"planned":[],"stopped_at":1772413200000000,"met":true},{"key":"task:t3","status":"stopped","started_at":1772413200000000,"limit":"3wd","ladder":"step","due_at":1772704800000000,"planned":[],"stopped_at":1772413200000000,"met":true},{"key":"task:t4","status":"stopped","started_at":1772413200000000,"limit":"10wd","ladder":"step","due_at":1773655200000000,"planned":[],"stopped_at":1772413200000000,"met":true},{"key":"begin:v4:yearly","status":"running","started_at":1772380800000000,"limit":"1d","ladder":"","due_at":1799024400000000,"planned":[{"id":"2027","at":1799024400000000}],"provisional":true},{"key":"begin:v4:contract_out","status":"running","started_at":1772413200000000,"limit":"1d","ladder":"","due_at":1814403600000000,"planned":[{"id":"2027-07-01","at":1814403600000000}],"provisional":true},{"key":"begin:v4:certificate_out:iso9001","status":"running","started_at":1772413200000000,"limit":"1d","ladder":"","due_at":1822784400000000,"planned":[{"id":"0","at":1817600400000000},{"id":"1","at":1820192400000000},{"id":"2","at":1822179600000000},{"id":"3","at":1822784400000000},{"id":"2027-10-01","at":1822784400000000}],"provisional":true},{"key":"begin:v4:certificate_out:safety","status":"running","started_at":1772413200000000,"limit":"1d","ladder":"","due_at":1956618000000000,"planned":[{"id":"0","at":1951434000000000},{"id":"1","at":1954026000000000},{"id":"2","at":1956013200000000},{"id":"3","at":1956618000000000},{"id":"2032-01-01","at":1956618000000000}],"provisional":true},{"key":"begin:v4:quarterly","status":"running","started_at":1782835200000000,"limit":"1d","ladder":"","due_at":1791853200000000,"planned":[{"id":"2026-Q3","at":1791853200000000}]},{"key":"task:t5","status":"stopped","started_at":1783386000000000,"limit":"10wd","ladder":"step","due_at":1784628000000000,"planned":[],"stopped_at":1783476000000000,"met":true},{"key":"task:t6","status":"stopped","started_at":1783386000000000,"limit":"10wd","ladder":"step","due_at":1784628000000000,"planned":[],"stopped_at":1783476000000000,"met":true}],"forms":[["start",{"id":"k_001005","digest":"2:f159165a1fb25dcc5f014a36523166bf0f820824ce969cad7d4320b82200881a"}],["task:admission",{"id":"k_001009","digest":"2:98410ae550896866b7fd4e006a05682975e3b00007a6cc5c7f85a2467ef30814"}],["task:contract",{"id":"k_001012","digest":"2:f1343302998fe48b185fbb2addc996fbd0cff4f4794ce448e63f39ef1aa02b3a"}],["task:score_quality",{"id":"k_001014","digest":"2:a68ae5689167b67186720a828bb08597bb761a41593047a32038324b40f6e624"}],["task:score_purchasing",{"id":"k_001016","digest":"2:10ec22a57bf4518c8ec5e9d88a23a458a82e84ee22f22e702bdad47d7d4469cc"}]],"facts":[{"name":"standing","number":0,"seq":2,"at":1772413200000000,"option":"applicant"},{"name":"contract_state","number":0,"seq":3,"at":1772413200000000,"option":"none"},{"name":"standing","number":0,"seq":29,"at":1772413200000000,"task":"t4","option":"active"},{"name":"contract_state","number":0,"seq":30,"at":1772413200000000,"task":"t4","option":"valid"},{"name":"quarter.score","number":6500,"seq":55,"at":1783476000000000,"period":"2026-Q2","scope":"v5"},{"name":"quarter.grade","number":0,"seq":56,"at":1783476000000000,"option":"d","period":"2026-Q2","scope":"v5"},{"name":"bad_quarters","number":100,"seq":57,"at":1783476000000000,"period":"2026-Q2"},{"name":"year_score","number":6500,"seq":58,"at":1783476000000000,"period":"2026-Q2","of":1}]}');
INSERT INTO chain_heads ("name", "seq", "head") VALUES ('directory', 6, '156b4923d9ea5ba5fca8f2b4c33b36dedb3829222cda2e4463d3cde6315c944f');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('L-2026-0001', 'k_001019', 'form:launch', 'p_000014', 1783476000000000, '000000000000000000000000000003fa', '{"sha256":{"f_001017":"b6786e887c09775e752ff005021cc3eb9746b0b02d87b1cbc6e665b226e3e193"},"values":{"budget":"180000","category":"device","currency":"cny","launch_date":"2026-12-01","market":["domestic","europe"],"plan":["f_001017"],"product":"X200 智能除湿机","revenue":"2400000"}}', '2:bbc93579f9f9e6a83c590c5d99ea09d4abedde9011fe757971da28e21b186492', 'x200 智能除湿机
device
2026-12-01
domestic
europe
180000
cny
2400000');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('L-2026-0001', 'k_001021', 'form:opinion', 'p_000013', 1783476000000000, '000000000000000000000000000003fc', '{"values":{"opinion":"技术成熟"}}', '2:3e79c37974c78fe23ad4c28300c1aa85657dc73521439164b33289f8f28d848a', '技术成熟');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001005', 'form:supplier', 'p_000019', 1772413200000000, '000000000000000000000000000003ec', '{"sha256":{"f_001001":"68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56","f_001002":"68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56","f_001003":"68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56"},"values":{"contact":"王经理 138 0000 0000","credit_code":"91310000MA1K3X0001","goods":"part","iso9001":["f_001002"],"iso9001_expires":"2027-09-30","license":["f_001001"],"reason":"现有供应商产能不足","safety":["f_001003"],"safety_expires":"2031-12-31","supplier":"恒信零部件"}}', '2:f159165a1fb25dcc5f014a36523166bf0f820824ce969cad7d4320b82200881a', '恒信零部件
91310000ma1k3x0001
王经理 138 0000 0000
part
现有供应商产能不足
2027-09-30
2031-12-31');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001007', 'form:opinion', 'p_000018', 1772413200000000, '000000000000000000000000000003ee', '{"values":{"opinion":"同意准入"}}', '2:34338427857d042d44c9509203360814c9f285678ac54e7e1f434d5ec30cc5e0', '同意准入');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001009', 'form:opinion', 'p_000020', 1772413200000000, '000000000000000000000000000003f0', '{"values":{"opinion":"同意准入"}}', '2:98410ae550896866b7fd4e006a05682975e3b00007a6cc5c7f85a2467ef30814', '同意准入');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001012', 'form:contract', 'p_000019', 1772413200000000, '000000000000000000000000000003f3', '{"sha256":{"f_001010":"68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56"},"values":{"contract_end":"2027-06-30","contract_file":["f_001010"],"contract_start":"2026-04-01"}}', '2:f1343302998fe48b185fbb2addc996fbd0cff4f4794ce448e63f39ef1aa02b3a', '2026-04-01
2027-06-30');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001014', 'form:quality_scores', 'p_000021', 1783476000000000, '000000000000000000000000000003f5', '{"values":{"quality":"65"}}', '2:a68ae5689167b67186720a828bb08597bb761a41593047a32038324b40f6e624', '65');
INSERT INTO contents ("case_id", "id", "kind", "author", "at", "salt", "body", "digest", "words") VALUES ('S-2026-0001', 'k_001016', 'form:purchasing_scores', 'p_000019', 1783476000000000, '000000000000000000000000000003f7', '{"values":{"delivery":"65","price":"65","service":"65"}}', '2:10ec22a57bf4518c8ec5e9d88a23a458a82e84ee22f22e702bdad47d7d4469cc', '65
65
65');
INSERT INTO counters ("name", "value") VALUES ('numbers', 25);
INSERT INTO dead_letters ("id", "what", "source", "payload", "error", "at", "attempts") VALUES ('d_1', 'interaction', 'slack', '{"case_id":null,"files":[],"key":"k","person":"p_000005","text":"/tasks","type":"Said","via":"slack"}', 'RuntimeError: a defect', 1772413200000000, 1);
INSERT INTO definitions ("key", "version", "hash", "text", "published_at", "published_by") VALUES ('complaint', 1, '3659c695b78fcd77c39ab2d5bc8181fe7fa4439bf13b7140671e04eec2f5e7aa', '# 客户投诉处理流程 / Customer complaint. What stands here is what runs.
# Units: h hours and d days by the wall; wh working hours and wd working days by the calendar.

key = "complaint"
name = { zh = "客户投诉处理流程", en = "Customer complaint" }
purpose = { zh = "让每一起客户投诉及时得到答复、妥善解决并闭环", en = "Answer every complaint in time, solve it and close the loop" }
departments = ["customer-service", "sales"]
owner = "role:complaint-manager"
command = "complaint"
case_prefix = "C"
start_form = "complaint"
start = "triage"
withdraw_until = "confirm"         # the filer may withdraw until somebody is asked to confirm the solution

[[targets]]
measure = "handling_time"
name = { zh = "投诉处理时长", en = "Handling time" }
baseline = "10d"
goal = "-30%"

[[targets]]
measure = "first_response_on_time"
name = { zh = "首次答复及时率", en = "First responses on time" }
baseline = "70%"
goal = "95%"

# ── Forms 表单 ───────────────────────────────────────────────────────────────────────────────────

[forms.complaint]
name = { zh = "客户投诉表单", en = "Complaint form" }
fields = [
  { id = "customer", type = "text", required = true, max = 100, label = { zh = "客户名称", en = "Customer" } },
  { id = "contact", type = "text", required = true, max = 100, label = { zh = "联系方式", en = "Contact" }, hint = { zh = "电话、邮箱或微信，至少一种", en = "Phone, e-mail or another way to reach them" } },
  { id = "channel", type = "choice", required = true, label = { zh = "投诉渠道", en = "Channel" }, options = [
    { id = "phone", zh = "电话", en = "Phone" },
    { id = "email", zh = "邮件", en = "E-mail" },
    { id = "online", zh = "网站或社交媒体", en = "Web or social media" },
    { id = "visit", zh = "上门", en = "In person" },
  ] },
  { id = "product", type = "text", required = true, max = 200, label = { zh = "产品或订单号", en = "Product or order" } },
  { id = "what_happened", type = "long_text", required = true, main = true, max = 3000, label = { zh = "投诉内容", en = "What happened" } },
  { id = "wanted", type = "text", max = 500, label = { zh = "客户诉求", en = "What the customer wants" } },
  { id = "evidence", type = "files", label = { zh = "附件", en = "Attachments" }, accept = ["image", "pdf"], max_files = 5 },
]

[forms.triage]
name = { zh = "分类分级", en = "Classify and grade" }
fields = [
  { id = "grade", type = "choice", required = true, label = { zh = "等级", en = "Grade" }, hint = { zh = "紧急：2 小时内首次答复；一般：24 小时内", en = "Urgent: first response within 2 hours; normal: within 24" }, options = [
    { id = "urgent", zh = "紧急", en = "Urgent" },
    { id = "normal", zh = "一般", en = "Normal" },
  ] },
  { id = "category", type = "choice", required = true, label = { zh = "类别", en = "Category" }, hint = { zh = "产品、服务由客服部处理；交付、价格由销售部处理", en = "Product and service go to customer service; delivery and price to sales" }, options = [
    { id = "product", zh = "产品质量", en = "Product quality" },
    { id = "service", zh = "服务", en = "Service" },
    { id = "delivery", zh = "交付", en = "Delivery" },
    { id = "price", zh = "价格与合同", en = "Price and contract" },
  ] },
]

[forms.answer]
name = { zh = "首次答复客户", en = "First response to the customer" }
fields = [
  { id = "answer", type = "long_text", required = true, main = true, max = 3000, label = { zh = "答复内容", en = "What the customer was told" }, hint = { zh = "只作登记，不会发给客户：请先自行答复客户", en = "For the record only: nothing is sent to the customer, so answer them first" } },
]

[forms.resolution]
name = { zh = "处理结果", en = "Resolution" }
fields = [
  { id = "root_cause", type = "long_text", required = true, max = 3000, label = { zh = "根本原因", en = "Root cause" } },
  { id = "resolution", type = "long_text", required = true, main = true, max = 3000, label = { zh = "处理措施与结果", en = "What was done" } },
  { id = "proof", type = "files", label = { zh = "处理凭证", en = "Evidence" }, accept = ["image", "pdf"], max_files = 5 },
]

[forms.customer_answer]
name = { zh = "客户反馈", en = "The customer''s answer" }
fields = [
  { id = "customer_answer", type = "long_text", main = true, max = 1000, label = { zh = "客户怎么说", en = "What the customer said" } },
]

[forms.decision]
name = { zh = "管理层决定", en = "Management decision" }
fields = [
  { id = "decision", type = "long_text", required = true, main = true, max = 3000, label = { zh = "决定与理由", en = "Decision and reasons" } },
]

[forms.summary]
name = { zh = "归档总结", en = "Archive and summarise" }
fields = [
  { id = "outcome", type = "choice", required = true, label = { zh = "最终结果", en = "Outcome" }, options = [
    { id = "solved", zh = "已解决", en = "Solved" },
    { id = "compensated", zh = "已补偿", en = "Compensated" },
    { id = "explained", zh = "已解释说明", en = "Explained" },
    { id = "unfounded", zh = "投诉不成立", en = "Not justified" },
  ] },
  { id = "lessons", type = "long_text", required = true, main = true, max = 3000, label = { zh = "经验教训", en = "Lessons learned" } },
]

# ── Actions inside a task 任务中的登记动作 ────────────────────────────────────────────────────────

[actions.answered]
name = { zh = "对客户的答复", en = "Answer to the customer" }
button = { zh = "登记答复", en = "Record the answer" }
form = "answer"
nodes = ["triage", "resolve"]

# ── Clocks on the whole case 全案时钟 ────────────────────────────────────────────────────────────

[clocks.first_response]
name = { zh = "首次答复", en = "First response" }
until = "answered"
within = [ { when = ''grade == "urgent"'', limit = "2h" }, { limit = "24h" } ]
ladder = "response"

[clocks.closing]
name = { zh = "结案", en = "Closing" }
until = "end"
within = [ { limit = "7d" } ]
ladder = "closing"

# ── Ladders 提醒与升级 ───────────────────────────────────────────────────────────────────────────

[ladders.response]                 # the first answer to the customer: hours count, by the wall
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", escalate = "manager(assignee)", may_take_over = true, with_history = true },
  { at = "due + 2h", escalate = "head(department(assignee))", may_take_over = true, with_history = true },
  { at = "due + 4h", escalate = "owner", with_history = true },
]

[ladders.step]                     # one step of the case
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "2wh", times = 2 },
  { at = "due + 4wh", escalate = "manager(assignee)", may_take_over = true, with_history = true },
  { at = "due + 1wd", escalate = "head(department(assignee))", may_take_over = true, with_history = true },
  { at = "due + 2wd", escalate = "owner", with_history = true },
]

[ladders.closing]                  # seven days for the whole case
rungs = [
  { at = "due - 1d", remind = "assignee" },
  { at = "due", escalate = "manager(assignee)", with_history = true },
  { at = "due + 1d", escalate = "head(department(assignee))", with_history = true },
  { at = "due + 2d", escalate = "owner", with_history = true },
]

[ladders.question]                 # the filer was asked something and is silent
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "1wd", times = 3 },
]

[pause]                            # while the filer is asked, the step''s clock stands still
due = "8wh"
ladder = "question"
cap = "5wd"

# ── Steps 步骤 ───────────────────────────────────────────────────────────────────────────────────

[[nodes]]
id = "triage"
kind = "task"
name = { zh = "分类分级", en = "Classify and grade" }
candidates = "role:complaint-desk"
form = "triage"
button = { zh = "分类分级", en = "Classify and grade" }
due = "4wh"
ladder = "step"
next = "dispatch"

[[nodes]]
id = "dispatch"
kind = "gateway"
name = { zh = "分派", en = "Dispatch" }
cc = [ { when = ''grade == "urgent"'', to = "head(customer-service)" } ]
routes = [
  { when = ''category == "delivery" or category == "price"'', to = "resolve", set = { handler = "least_loaded(except(role:complaint-handler@sales, filer))" } },
  { to = "resolve", set = { handler = "least_loaded(except(role:complaint-handler@customer-service, filer))" } },
]

[[nodes]]
id = "resolve"
kind = "task"
name = { zh = "处理并答复", en = "Resolve and reply" }
assignee = "handler"
form = "resolution"
requires = ["answered"]
due = "3wd"
ladder = "step"
next = "confirm"
return_to = ["triage"]

[[nodes]]
id = "confirm"
kind = "approval"
name = { zh = "客户是否满意", en = "Is the customer satisfied?" }
assignee = "filer"
form = "customer_answer"
due = "2wd"
ladder = "step"

[nodes.outcomes.approve]
label = { zh = "客户满意", en = "Customer is satisfied" }
to = "archive"

[nodes.outcomes.return]
label = { zh = "客户不满意", en = "Customer is not satisfied" }
to = "resolve"
at_most = 3
then = "management_decision"

[[nodes]]
id = "management_decision"
kind = "task"
name = { zh = "管理层决定", en = "Management decides" }
assignee = "owner"
form = "decision"
due = "1wd"
ladder = "step"
next = "archive"

[[nodes]]
id = "archive"
kind = "task"
name = { zh = "归档总结", en = "Archive and summarise" }
candidates = "role:complaint-desk"
form = "summary"
due = "2wd"
ladder = "step"
next = "closed"

[[nodes]]
id = "closed"
kind = "end"
name = { zh = "结案", en = "Closed" }

# ── After closing 结案之后 ───────────────────────────────────────────────────────────────────────

[survey]
to = "filer"
question = { zh = "您或客户对这次处理满意吗？", en = "How satisfied are you, or the customer, with how this was handled?" }
hint = { zh = "1 分最差，5 分最好", en = "1 is worst, 5 is best" }

[document]
name = { zh = "投诉处理报告", en = "Complaint report" }
sections = [
  { title = { zh = "投诉事实", en = "The facts" }, fields = ["customer", "contact", "channel", "product", "what_happened", "wanted", "evidence"] },
  { title = { zh = "原因与结果", en = "Cause and outcome" }, fields = ["root_cause", "resolution", "proof", "decision", "outcome"] },
  { title = { zh = "对客户的首次答复", en = "First response to the customer" }, fields = ["answer"] },
  { title = { zh = "客户反馈", en = "The customer''s answer" }, list = "answers" },
  { title = { zh = "经验教训", en = "Lessons learned" }, fields = ["lessons"] },
  { title = { zh = "满意度", en = "Satisfaction" }, list = "survey" },
  { title = { zh = "分级与办理人", en = "Grade and people" }, fields = ["grade", "category"], list = "people" },
  { title = { zh = "时限", en = "Time limits" }, list = "clocks" },
  { title = { zh = "处理过程", en = "What was done, and when" }, list = "actions" },
]
', 1772413200000000, 'system');
INSERT INTO definitions ("key", "version", "hash", "text", "published_at", "published_by") VALUES ('launch', 1, 'f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d', '# 新品上市审批流程 / New-product launch. What stands here is what runs.
# Units: h hours and d days by the wall; wh working hours and wd working days by the calendar.

key = "launch"
name = { zh = "新品上市审批流程", en = "New-product launch" }
purpose = { zh = "让新品上市经过研发、市场、财务与管理层的评审，快而有据", en = "Let every launch pass R&D, market, finance and management, quickly and on record" }
departments = ["rnd", "marketing"]
owner = "role:product-director"
command = "launch"
case_prefix = "L"
start_form = "launch"
start = "rnd_review"
withdraw_until = "finance_review"  # the applicant may withdraw until finance has it
revoke = { within = "15d", to = "revocation" }   # an approved launch may be taken back so long; it is confirmed there

[[targets]]
measure = "handling_time"
name = { zh = "审批时长", en = "Handling time" }
baseline = "20d"
goal = "-40%"

[[targets]]
measure = "on_time"
name = { zh = "评审按时率", en = "Reviews on time" }
baseline = "60%"
goal = "95%"

# ── Who may decide 审批规则 ───────────────────────────────────────────────────────────────────────
# Defaults for every approval below; a node may say otherwise. Judged whenever somebody gets a task:
# offered, handed over, added, standing in, escalated to, and again at the click.

[approvals]
self_approval = "others_else_supervisor"        # or supervisor, dept_head, self, pass
nobody = "process_owner"                        # or a people expression, reject, pass
signers_may_be_added = true                     # before, after or beside oneself; advice likewise

# ── Forms 表单 ───────────────────────────────────────────────────────────────────────────────────

[forms.launch]
name = { zh = "新品上市申请表", en = "Launch request" }
fields = [
  { id = "product", type = "text", required = true, main = true, max = 100, label = { zh = "产品名称", en = "Product" } },
  { id = "category", type = "choice", required = true, label = { zh = "产品类别", en = "Category" }, options = [
    { id = "device", zh = "整机", en = "Device" },
    { id = "part", zh = "配件", en = "Accessory" },
    { id = "software", zh = "软件与服务", en = "Software and services" },
  ] },
  { id = "launch_date", type = "date", required = true, not_before = "today + 20wd", label = { zh = "计划上市日期", en = "Launch date" } },   # not_before
  { id = "market", type = "choices", required = true, label = { zh = "目标市场", en = "Target market" }, options = [
    { id = "domestic", zh = "国内", en = "Domestic" },
    { id = "asia", zh = "亚太（不含国内）", en = "Asia-Pacific" },
    { id = "europe", zh = "欧洲", en = "Europe" },
    { id = "america", zh = "美洲", en = "Americas" },
  ] },
  { id = "budget", type = "money", required = true, min = 0, label = { zh = "上市预算", en = "Budget" } },
  { id = "currency", type = "choice", required = true, label = { zh = "币种", en = "Currency" }, options = [
    { id = "cny", zh = "人民币", en = "CNY" },
    { id = "usd", zh = "美元", en = "USD" },
    { id = "eur", zh = "欧元", en = "EUR" },
  ] },
  { id = "revenue", type = "money", required = true, min = 0, label = { zh = "首年预期收入", en = "Expected revenue, first year" }, hint = { zh = "与预算同币种", en = "In the currency of the budget" } },
  { id = "plan", type = "files", required = true, label = { zh = "上市方案", en = "Plan" }, accept = ["pdf", "document", "sheet"], max_files = 5 },
]

[forms.opinion]
name = { zh = "评审意见", en = "Opinion" }
fields = [
  { id = "opinion", type = "long_text", required = true, main = true, max = 3000, label = { zh = "意见", en = "Opinion" } },
  { id = "attachments", type = "files", label = { zh = "附件", en = "Attachments" }, accept = ["pdf", "document", "sheet", "image"], max_files = 5 },
]

[forms.assessment]
name = { zh = "市场评估", en = "Market assessment" }
fields = [
  { id = "demand", type = "choice", required = true, label = { zh = "需求判断", en = "Demand" }, options = [
    { id = "high", zh = "高", en = "High" },
    { id = "medium", zh = "中", en = "Medium" },
    { id = "low", zh = "低", en = "Low" },
  ] },
  { id = "assessment", type = "long_text", required = true, main = true, max = 3000, label = { zh = "评估意见", en = "Assessment" } },
]

# ── Computed once, kept as a result 计算结果 ──────────────────────────────────────────────────────
# A fact is worked out when the form it reads is taken. The event keeps the number and not the
# words, so that replay never reads a form, and a rate that changes later changes no old decision.

[tables.rate]   # a number for each option; finance keeps them
of = "currency"
values = { cny = "1", usd = "7.20", eur = "7.80" }

[facts.amount]
name = { zh = "预算（折人民币）", en = "Budget in CNY" }
currency = "CNY"
value = "budget * rate"                         # tables and facts are names, as fields are

# ── Ladders 提醒与升级 ───────────────────────────────────────────────────────────────────────────

[ladders.review]                                # three working days for each review
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee" },
  { at = "due + 4wh", escalate = "manager(assignee)", may_take_over = true, with_history = true },
  { at = "due + 1wd", every = "1wd", points = 1 },   # a rung may give points, to whoever had it that working day
  { at = "due + 2wd", escalate = "manager(assignee, 2)", may_take_over = true, with_history = true },
  { at = "due + 3wd", escalate = "owner", with_history = true },
]

[ladders.applicant]                             # the applicant''s own steps: no points
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "1wd", times = 3 },
  { at = "due + 4wd", escalate = "owner", with_history = true },
]

[ladders.question]
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "1wd", times = 2 },
]

[penalties]   # 超时处罚规则: what the points of ladders are
name = { zh = "超时积分", en = "Points for lateness" }
most = 5                                        # for one task, whatever the ladder says
waived_by = "owner"                             # with a reason; the person and the owner see the ledger

[pause]                                         # while somebody is asked, the step''s clock stands still
due = "8wh"
ladder = "question"
cap = "5wd"

# ── Steps 步骤 ───────────────────────────────────────────────────────────────────────────────────

[[nodes]]
id = "revise"                                   # only a return leads here
kind = "task"
name = { zh = "修改申请", en = "Revise the request" }
assignee = "filer"
form = "launch"
due = "5wd"
ladder = "applicant"
next = "rnd_review"                             # unless the return said: back to who returned it

[[nodes]]
id = "rnd_review"
kind = "approval"
name = { zh = "研发评审", en = "R&D review" }
candidates = "role:rnd-reviewer"
form = "opinion"
due = "3wd"
ladder = "review"
material = ["product", "category", "plan"]   # who changes one of these voids this approval

[nodes.outcomes.approve]
to = "market_assessment"

[nodes.outcomes.reject]
to = "rejected"

[nodes.outcomes.return]
to = ["revise"]   # several targets, and how it comes back
resume = "jump_back"   # or replay; what became stale is decided again first
at_most = 5

[[nodes]]
id = "market_assessment"
kind = "approval"
name = { zh = "市场评估", en = "Market assessment" }
candidates = "role:market-reviewer"
form = "assessment"
due = "3wd"
ladder = "review"
material = ["product", "market", "launch_date", "revenue"]

[nodes.outcomes.approve]
to = "finance_review"

[nodes.outcomes.reject]
to = "rejected"

[nodes.outcomes.return]
to = ["revise", "rnd_review"]
resume = "jump_back"
at_most = 5

[[nodes]]
id = "finance_review"
kind = "approval"
name = { zh = "财务评审", en = "Finance review" }
candidates = "role:finance-manager"
form = "opinion"
due = "3wd"
ladder = "review"
not_same_as = ["rnd_review", "market_assessment"]   # never the same person, deputies included
material = ["budget", "currency", "revenue"]

[nodes.outcomes.approve]
to = "authority"

[nodes.outcomes.reject]
to = "rejected"

[nodes.outcomes.return]
to = ["revise", "rnd_review", "market_assessment"]
resume = "jump_back"
at_most = 5

[[nodes]]
id = "authority"                                # 财务审批权限: the thresholds are data
kind = "gateway"
name = { zh = "财务审批权限", en = "Authority by amount" }
routes = [
  { when = "amount <= 200000", to = "approved" },
  { when = "amount <= 1000000", to = "one_executive" },
  { to = "all_executives" },
]

[[nodes]]
id = "one_executive"
kind = "approval"
name = { zh = "管理层审批", en = "Management approval" }
candidates = "role:executive"                   # one of them claims it
form = "opinion"
due = "3wd"
ladder = "review"
not_same_as = ["finance_review"]
material = ["budget", "currency", "launch_date", "market", "plan"]

[nodes.outcomes.approve]
to = "approved"

[nodes.outcomes.reject]
to = "rejected"

[nodes.outcomes.return]
to = ["revise", "rnd_review", "market_assessment", "finance_review"]
resume = "jump_back"
at_most = 3

[[nodes]]
id = "all_executives"
kind = "approval"
name = { zh = "管理层会签", en = "Executives countersign" }
signers = "role:executive"   # a task for each; a list has a seat for each entry
sign = "all"   # all, any, in_turn, or { need = "60%" }, { need = 2 }
on_reject = "after_all"   # or at_once; on_return likewise, at_once unless written
form = "opinion"
due = "3wd"                                     # each; with in_turn it begins on their turn
ladder = "review"
not_same_as = ["finance_review"]
material = ["budget", "currency", "launch_date", "market", "plan"]

[nodes.outcomes.approve]
to = "approved"

[nodes.outcomes.reject]
to = "rejected"

[nodes.outcomes.return]                         # one signer returns it for all
to = ["revise", "rnd_review", "market_assessment", "finance_review"]
resume = "jump_back"
at_most = 3

[[nodes]]
id = "revocation"                               # only a revocation leads here
kind = "approval"
name = { zh = "撤销上市确认", en = "Confirm the revocation" }
assignee = "owner"
due = "3wd"
ladder = "review"

[nodes.outcomes.approve]
to = "revoked"

[nodes.outcomes.reject]
to = "approved"

[[nodes]]
id = "approved"
kind = "end"
name = { zh = "批准上市", en = "Launch approved" }
cc = [ { to = "members(marketing)" }, { to = "head(rnd)" } ]

[[nodes]]
id = "rejected"
kind = "end"
status = "rejected"
name = { zh = "不予上市", en = "Launch rejected" }

[[nodes]]
id = "revoked"
kind = "end"
status = "withdrawn"
name = { zh = "已撤销", en = "Revoked" }

# ── After closing 结案之后 ───────────────────────────────────────────────────────────────────────

[survey]
to = "filer"
question = { zh = "您对这次审批满意吗？", en = "How satisfied are you with this approval?" }
hint = { zh = "1 分最差，5 分最好", en = "1 is worst, 5 is best" }

[document]
name = { zh = "审批意见书", en = "Approval opinion" }
sections = [
  { title = { zh = "申请", en = "The request" }, fields = ["product", "category", "launch_date", "market", "budget", "currency", "revenue", "plan"] },
  { title = { zh = "审批权限", en = "Authority" }, facts = ["amount"] },   # facts
  { title = { zh = "历次修改", en = "What was changed, round by round" }, list = "rounds" },
  { title = { zh = "审批意见", en = "Decisions and opinions" }, list = "decisions" },
  { title = { zh = "时限与超时积分", en = "Time limits and points" }, list = "clocks" },
  { title = { zh = "最终结论", en = "Verdict" }, list = "verdict" },
]
', 1772413200000000, 'system');
INSERT INTO definitions ("key", "version", "hash", "text", "published_at", "published_by") VALUES ('supplier', 1, '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', '# 供应商管理流程 / Supplier management. What stands here is what runs.
# One case is one supplier: it is filed, admitted, assessed every quarter, renewed every year, and ends with the co-operation.
# Units: h hours and d days by the wall; wh working hours and wd working days by the calendar.

key = "supplier"
name = { zh = "供应商管理流程", en = "Supplier management" }
purpose = { zh = "让每家供应商资质齐全、按季考核、按年续约，不合格者及时退出", en = "Admit suppliers with valid certificates, assess them every quarter, renew them every year, part with those that fail" }
departments = ["purchasing", "quality"]
owner = "role:purchasing-supervisor"
command = "supplier"
case_prefix = "S"
start_form = "supplier"
start = "certificate_check"
started_by = "members(purchasing)"
withdraw_until = "contract"            # the applicant may withdraw until the contract is prepared

[[targets]]
measure = "on_time"
name = { zh = "考核按时率", en = "Assessments on time" }
baseline = "60%"
goal = "95%"

[[targets]]
measure = "handling_time"
name = { zh = "准入时长", en = "Time to admission" }
baseline = "30d"
goal = "-50%"

# ── Who may decide 审批规则 ───────────────────────────────────────────────────────────────────────

[approvals]
self_approval = "others_else_supervisor"
nobody = "process_owner"

# ── Forms 表单 ───────────────────────────────────────────────────────────────────────────────────

[forms.supplier]
name = { zh = "供应商申请表", en = "Supplier application" }
fields = [
  { id = "supplier", type = "text", required = true, main = true, max = 100, label = { zh = "供应商名称", en = "Supplier" } },
  { id = "credit_code", type = "text", required = true, max = 18, unique = true, label = { zh = "统一社会信用代码", en = "Registration number" } },
  { id = "contact", type = "text", required = true, max = 100, label = { zh = "联系人", en = "Contact" } },
  { id = "goods", type = "choice", required = true, label = { zh = "供货类别", en = "Goods" }, options = [
    { id = "material", zh = "原材料", en = "Raw material" },
    { id = "part", zh = "零部件", en = "Parts" },
    { id = "service", zh = "服务", en = "Services" },
  ] },
  { id = "reason", type = "long_text", required = true, max = 3000, label = { zh = "引入理由", en = "Why this supplier" } },
  # A certificate has files and the day on which it expires; each is checked and watched on its own.
  { id = "license", type = "certificate", required = true, label = { zh = "营业执照", en = "Business licence" } },
  { id = "iso9001", type = "certificate", required = true, expires = true, label = { zh = "质量体系证书", en = "Quality certificate" } },
  { id = "safety", type = "certificate", required_when = ''goods != "service"'', expires = true, label = { zh = "安全生产许可证", en = "Safety permit" } },
  { id = "agency", type = "certificate", expires = true, label = { zh = "代理授权书", en = "Agency authorisation" } },
]

[forms.check]
name = { zh = "资质核查", en = "Check of a document" }
fields = [
  { id = "finding", type = "long_text", main = true, max = 1000, label = { zh = "核查意见", en = "Finding" } },
]

[forms.contract]
name = { zh = "签约", en = "Contract" }
fields = [
  { id = "contract_start", type = "date", required = true, label = { zh = "合同起始日", en = "Contract starts" } },
  { id = "contract_end", type = "date", required = true, not_before = "contract_start + 30d", label = { zh = "合同到期日", en = "Contract ends" } },
  { id = "contract_file", type = "files", required = true, label = { zh = "合同文本", en = "Contract" }, accept = ["pdf"], max_files = 3 },
]

[forms.quality_scores]
name = { zh = "考核评分表（质量）", en = "Scorecard: quality" }
fields = [
  { id = "quality", type = "number", required = true, min = 0, max = 100, label = { zh = "质量得分", en = "Quality" } },
  { id = "quality_note", type = "long_text", main = true, max = 1000, label = { zh = "说明", en = "Remarks" } },
]

[forms.purchasing_scores]
name = { zh = "考核评分表（采购）", en = "Scorecard: purchasing" }
fields = [
  { id = "delivery", type = "number", required = true, min = 0, max = 100, label = { zh = "交付得分", en = "Delivery" } },
  { id = "price", type = "number", required = true, min = 0, max = 100, label = { zh = "价格得分", en = "Price" } },
  { id = "service", type = "number", required = true, min = 0, max = 100, label = { zh = "服务得分", en = "Service" } },
  { id = "purchasing_note", type = "long_text", main = true, max = 1000, label = { zh = "说明", en = "Remarks" } },
]

[forms.opinion]
name = { zh = "评价意见", en = "Opinion" }
fields = [
  { id = "opinion", type = "long_text", required = true, main = true, max = 3000, label = { zh = "意见", en = "Opinion" } },
]

# ── Results that are kept 结果 ────────────────────────────────────────────────────────────────────

[scorecards.quarter]                  # gives the facts quarter.score and quarter.grade
name = { zh = "季度考核", en = "Quarterly score" }
items = [                             # the weights sum to 100
  { field = "quality", weight = 40 },
  { field = "delivery", weight = 30 },
  { field = "price", weight = 20 },
  { field = "service", weight = 10 },
]
grades = [
  { id = "a", from = 90, zh = "优秀", en = "Excellent" },
  { id = "b", from = 80, zh = "良好", en = "Good" },
  { id = "c", from = 70, zh = "合格", en = "Sufficient" },
  { id = "d", from = 0, zh = "不合格", en = "Insufficient" },
]

[facts.bad_quarters]
name = { zh = "连续不合格季度", en = "Bad quarters in a row" }
count = "quarter.score < 70"
in_a_row = true

[facts.year_score]
name = { zh = "近四季平均分", en = "Average of four quarters" }
average = "quarter.score"
of_last = 4

[facts.standing]                      # noted on the way, below
name = { zh = "状态", en = "Standing" }
options = [
  { id = "applicant", zh = "准入中", en = "Applying" },
  { id = "active", zh = "合作中", en = "Active" },
  { id = "suspended", zh = "暂停合作", en = "Suspended" },
  { id = "eliminated", zh = "已淘汰", en = "Eliminated" },
  { id = "refused", zh = "未准入", en = "Not admitted" },
]
first = "applicant"

[facts.contract_state]
name = { zh = "合同", en = "Contract" }
options = [
  { id = "none", zh = "未签约", en = "None yet" },
  { id = "valid", zh = "有效", en = "In force" },
  { id = "over", zh = "已到期", en = "Run out" },
]
first = "none"

# ── Ladders 提醒与升级 ───────────────────────────────────────────────────────────────────────────

[ladders.step]
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "1wd", times = 2 },
  { at = "due + 2wd", escalate = "manager(assignee)", may_take_over = true, with_history = true },
  { at = "due + 4wd", escalate = "owner", with_history = true },
]

[ladders.certificate]                 # due is the day on which the certificate expires
rungs = [
  { at = "due - 60d", remind = "role:buyer" },
  { at = "due - 30d", remind = "role:buyer" },
  { at = "due - 7d", escalate = "owner" },
  { at = "due", escalate = "owner" },
]

[ladders.question]
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due", remind = "assignee", every = "1wd", times = 3 },
]

[pause]                               # a buyer waits for papers of the supplier: the step''s clock stands still
on = ["filer", "supplier"]
due = "2wd"
ladder = "question"
cap = "20wd"

# ── Admission 准入 ───────────────────────────────────────────────────────────────────────────────

[[nodes]]
id = "certificate_check"
kind = "approval"
name = { zh = "资质核查", en = "Check of documents" }
candidates = "role:quality-inspector"  # one claims the check
for_each = "certificates(supplier)"   # a verdict for each, on one card
form = "check"
due = "5wd"
ladder = "step"
on_reject = "after_all"               # say all that is wrong at once
on_return = "after_all"
refuse_expired = true                 # an expired one cannot be approved

[nodes.outcomes.approve]
to = "admission"

[nodes.outcomes.reject]
to = "refused"

[nodes.outcomes.return]
to = ["amend"]
resume = "jump_back"                  # only what was changed is checked again
at_most = 3
then = "refused"

[[nodes]]
id = "amend"                          # only a return leads here
kind = "task"
name = { zh = "补正资料", en = "Amend the application" }
assignee = "filer"
form = "supplier"
due = "10wd"
ladder = "step"
next = "certificate_check"

[[nodes]]
id = "admission"
kind = "approval"
name = { zh = "准入审批", en = "Admission" }
signers = ["role:purchasing-supervisor", "role:quality-manager"]
sign = "all"
form = "opinion"
due = "3wd"
ladder = "step"
not_same_as = ["certificate_check"]
material = ["goods", "license", "iso9001", "safety"]

[nodes.outcomes.approve]
to = "contract"

[nodes.outcomes.reject]
to = "refused"

[nodes.outcomes.return]
to = ["amend", "certificate_check"]
resume = "replay"
at_most = 3
then = "refused"

[[nodes]]
id = "contract"
kind = "task"
name = { zh = "签约", en = "Sign the contract" }
candidates = "role:buyer"
form = "contract"
due = "10wd"
ladder = "step"
next = "active"
note = { standing = "active", contract_state = "valid" }

# ── The years together 合作期 ────────────────────────────────────────────────────────────────────
# The case rests here. What starts runs beside the others, one at a time of each, and what comes
# back to "active" has ended.

[[nodes]]
id = "active"
kind = "wait"
name = { zh = "合作期", en = "In co-operation" }
exclusive = ["elimination"]           # nothing else starts while it is decided
starts = [
  { id = "quarterly", every = "quarter", first = "full", after = "5wd", to = "assess" },   # the first full quarter after admission
  { id = "yearly", every = "year", before = "60d", to = "evaluate" },                      # counted from admission
  { id = "contract_out", at = "contract_end + 1d", to = "renewal", note = { standing = "suspended", contract_state = "over" } },
  { id = "certificate_out", on_expiry_of = "certificates(supplier)", ladder = "certificate", to = "renew_certificate", note_if_required = { standing = "suspended" } },
  { id = "certificate_new", started_by = "role:buyer", for_each = "certificates(supplier)", label = { zh = "更新证书", en = "Renew a document" }, to = "renew_certificate" },
  { id = "part", started_by = "owner", label = { zh = "提出淘汰", en = "Propose elimination" }, to = "elimination" },
]

# ── Quarterly assessment 日常考核 ─────────────────────────────────────────────────────────────────

[[nodes]]
id = "assess"
kind = "fork"
name = { zh = "季度考核", en = "Quarterly assessment" }
branches = ["score_quality", "score_purchasing"]
join = "assessed"

[[nodes]]
id = "score_quality"
kind = "task"
name = { zh = "质量评分", en = "Score quality" }
candidates = "role:quality-inspector"
form = "quality_scores"
due = "10wd"
ladder = "step"
next = "assessed"

[[nodes]]
id = "score_purchasing"
kind = "task"
name = { zh = "交付、价格、服务评分", en = "Score delivery, price and service" }
candidates = "role:buyer"
form = "purchasing_scores"
due = "10wd"
ladder = "step"
next = "assessed"

[[nodes]]
id = "assessed"
kind = "gateway"
name = { zh = "考核结果", en = "Result" }
score = "quarter"
cc = [ { to = "owner" }, { to = "role:quality-manager" } ]
routes = [
  { when = "bad_quarters >= 2", to = "elimination" },
  { to = "active" },
]

# ── Yearly evaluation and renewal 绩效评价与续约 ──────────────────────────────────────────────────

[[nodes]]
id = "evaluate"
kind = "approval"
name = { zh = "年度绩效评价", en = "Yearly evaluation" }
signers = ["role:purchasing-supervisor", "role:quality-manager"]
sign = "all"
form = "opinion"
due = "10wd"
ladder = "step"
shows = ["year_score", "quarter.score"]

[nodes.outcomes.approve]
label = { zh = "合格，续约", en = "Renew" }
to = "renewal"

[nodes.outcomes.reject]
label = { zh = "评价不合格", en = "Failed" }
to = "elimination"

[[nodes]]
id = "renewal"
kind = "task"
name = { zh = "续约", en = "Renew the contract" }
candidates = "role:buyer"
form = "contract"
due = "20wd"
ladder = "step"
next = "reinstatement"
note = { contract_state = "valid" }

# ── A document expires 证书到期 ──────────────────────────────────────────────────────────────────

[[nodes]]
id = "renew_certificate"
kind = "task"
name = { zh = "更新资质文件", en = "Renew a document" }
candidates = "role:buyer"
form = "supplier"
only = "subject"                      # of the form, the certificate for which this was started
due = "10wd"
ladder = "step"
next = "check_again"

[[nodes]]
id = "check_again"
kind = "approval"
name = { zh = "复核资质文件", en = "Check it again" }
candidates = "role:quality-inspector"
form = "check"
due = "3wd"
ladder = "step"
refuse_expired = true

[nodes.outcomes.approve]
to = "reinstatement"

[nodes.outcomes.return]
to = ["renew_certificate"]
at_most = 3
then = "elimination"

[[nodes]]
id = "reinstatement"
kind = "gateway"
name = { zh = "恢复合作", en = "Reinstate" }
routes = [
  { when = ''expired_required == 0 and contract_state == "valid"'', to = "active", note = { standing = "active" } },
  { to = "active" },
]

# ── Elimination 淘汰 ─────────────────────────────────────────────────────────────────────────────

[[nodes]]
id = "elimination"
kind = "approval"
name = { zh = "淘汰确认", en = "Confirm the elimination" }
signers = ["role:purchasing-supervisor", "role:quality-manager"]   # both departments confirm
sign = "all"
form = "opinion"
due = "5wd"
ladder = "step"
self_approval = "supervisor"
shows = ["bad_quarters", "year_score", "quarter.score"]

[nodes.outcomes.approve]
label = { zh = "同意淘汰", en = "Eliminate" }
to = "eliminated"

[nodes.outcomes.reject]
label = { zh = "继续合作", en = "Keep" }
to = "active"

[[nodes]]
id = "eliminated"
kind = "end"                          # ends the whole case, whatever runs beside
name = { zh = "已淘汰", en = "Eliminated" }
note = { standing = "eliminated" }
cc = [ { to = "members(purchasing)" } ]

[[nodes]]
id = "refused"
kind = "end"
status = "rejected"
name = { zh = "不予准入", en = "Not admitted" }
note = { standing = "refused" }

# ── The register 供应商名录 ───────────────────────────────────────────────────────────────────────
# What the cases of this process say of themselves: nothing is kept twice.

[register]
name = { zh = "供应商名录", en = "Register of suppliers" }
command = "suppliers"
read_by = "members(purchasing)"
only = { standing = ["active", "suspended", "eliminated"] }
find_by = ["supplier", "credit_code"]
columns = ["supplier", "goods", "standing", "quarter.grade", "quarter.score", "year_score", "contract_end", "certificates"]
chart = "quarter.score"

[document]
name = { zh = "供应商档案", en = "Supplier file" }
sections = [
  { title = { zh = "基本情况", en = "The supplier" }, fields = ["supplier", "credit_code", "contact", "goods", "reason"], facts = ["standing", "contract_state"] },
  { title = { zh = "资质文件", en = "Documents" }, list = "certificates" },
  { title = { zh = "历次考核", en = "Scores over time" }, list = "scores" },
  { title = { zh = "评价与决定", en = "Decisions" }, list = "decisions" },
  { title = { zh = "处理过程", en = "What was done, and when" }, list = "actions" },
]
', 1772413200000000, 'system');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('customer-service', '客服部', 'Customer service', 'p_000003');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('finance', '财务部', 'Finance', 'p_000017');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('management', '管理层', 'Management', 'p_000001');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('marketing', '市场部', 'Marketing', 'p_000015');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('purchasing', '采购部', 'Purchasing', 'p_000018');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('quality', '质量部', 'Quality', 'p_000020');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('rnd', '研发部', 'R&D', 'p_000013');
INSERT INTO departments ("id", "name_zh", "name_en", "head") VALUES ('sales', '销售部', 'Sales', 'p_000008');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (1, 'DirectoryBegun', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{}},"seq":1,"type":"DirectoryBegun","v":1}', '333178788eae3e0b14c9b07bbbb6232bfa4689c7f134eeaa9daae60aba96de53', '09b7bb4b0a15fa94362aaac89b43ccceb1bac804d61441030921b6a26cdd6a65');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (2, 'PeopleImported', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{"department customer-service":"fc5f9bf119d3ae10fc769106075d93e08e7a1c82c86774cbde9230c8645a6cd0","department finance":"a6fc16028eb1653bb23f8d5573c22f922abe8466e34116d53a0efccae6ed53d0","department management":"4544fcabd6795e5bc7c64b29f6516d1b2e70cfcba28c32486e7b4ec6277f0255","department marketing":"3d690f036e74654d9dd0d204c3708de777008819b3dd6645a220798e8702a354","department purchasing":"34dab8cd97882d9815ebab01790b9d4159565bd0edbd7d9bef89ef99b223f9e6","department quality":"52f8df06adfe083e78595c7872c94ca88d1aa0fed4584458d24a2ea87d220731","department rnd":"6f80b31cb6e1d0eca77aaf5e24dc346767a04b62bd6a5a76751947604c520ccc","department sales":"99ba7f9aac85d2bcd0d4c2644b62d3f2288df154a887585ce27acf9fcab875c5","person p_000001":"5c34d30282e2e9d6d60cfd428f50bf41283d9f421f3de9dd736f6287be53a4e6","person p_000002":"2ee09e2c0c9fa3e06ae5d9dfc4b276761c5e10c576d5d42e307a3c5891a0bfaa","person p_000003":"203ebc984b3a3b080d2ebffb5ef5687854d14e6cec847a8ef8c230ac67cb4fd9","person p_000004":"d01238a3b4a7b13fee73f869310d3b4e8633f83ff5a2a9905ea5241059f33743","person p_000005":"babf92d9ba982b7e368ed781bd92bc05c99532d388b65af3465623a7236f8a22","person p_000006":"e44813c8d9cdcc8e65f565dabbd5a3f0e8961ae504249905c1d6060a985d3556","person p_000007":"be958f792e8814a1407906347b7ed8f9d3b36dd4a484189aa31a3c2238d61507","person p_000008":"1f7f392d58d180197c2dccabd1a551ecf9303befaeab08e56c3e418784f78460","person p_000009":"903a34e53510ad24d790383c9a000f794b7044ec99ec755185e60d508485e292","person p_000010":"510353c2c25fa7ee9e5db9bff21723493715bd74770c325567043bf63adb8991","person p_000011":"cfd05059e8fc13130f16541fa7ca92e8ae41854ec090463237e097f94e1b773c","person p_000012":"e10f64c7a2d21bd205e20bc52f227be5f83c9b411e2b4b1f352c78796037f235","person p_000013":"bcdfca22e05a2686c447091258057018b47644792cc3ba535e0427dc501b9dff","person p_000014":"59973c83878c6dd2f7fe02c9efa83bf2e760284d3f290d141a79eac6598efe0a","person p_000015":"80f309b7238275e54fee4a77cabc1e19f728ef70358988254c5c732918540a41","person p_000016":"b3914408e8e67d06cf4185eda501cf09e7d3eafa2e1ac446ecd4a3cfc6e6be53","person p_000017":"fc2b279b5d1d719d00b1d3310a2c873dac34a22184afd3dc6c9c4cd55eac1c3c","person p_000018":"c14b11394a7a1f202958f89b7f173bc293e373c5f882af64981cfb64b542834a","person p_000019":"9e3e72831ad5a90ee4805921fbf66422c66c217002c607d9899a94762220bf73","person p_000020":"8041324a6bb5c81cbff60859cd324febb6828e38b74d06c97920bbab56516c7b","person p_000021":"dda40fb18d8e58951d94919205126b00605f22c2e5c386ea1fdc3bc3f838d11d"}},"seq":2,"type":"PeopleImported","v":1}', '09b7bb4b0a15fa94362aaac89b43ccceb1bac804d61441030921b6a26cdd6a65', '4ca7d9cdd678701d1fb6f80850df5e7f419109a34e0488651279f37596dd7bae');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (3, 'DefinitionPublished', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{"definition complaint v1":"663bbddd02042ed9448047ebe5a7ea2b2e275ee2aba3c2f68918035ead109d0b"}},"seq":3,"type":"DefinitionPublished","v":1}', '4ca7d9cdd678701d1fb6f80850df5e7f419109a34e0488651279f37596dd7bae', 'd979d1cf5c38bc7f35d4986cdbfbd48352d29dd226ce1a0f4c1da8af31970450');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (4, 'DefinitionPublished', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{"definition supplier v1":"27bf61dbea9a5e147ca6cd9cee1f65b96635cf49fb4572805f1a6bba64ec8b29"}},"seq":4,"type":"DefinitionPublished","v":1}', 'd979d1cf5c38bc7f35d4986cdbfbd48352d29dd226ce1a0f4c1da8af31970450', 'd91670277f05f5dd9529683ee221098d160aaedc48217839964381e928c62dce');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (5, 'DefinitionPublished', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{"definition launch v1":"87fa36a9250db63eb3d3eb929b765bd9c830053ca372d9a3a6990831d3a2ca8d"}},"seq":5,"type":"DefinitionPublished","v":1}', 'd91670277f05f5dd9529683ee221098d160aaedc48217839964381e928c62dce', '494019f46c9e56fb77a30ffa612af0b8ec3e3fc259e55f7bf4be955d4c587537');
INSERT INTO directory_events ("seq", "type", "actor", "at", "text", "previous", "hash") VALUES (6, 'SettingChanged', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"changed":{"setting kind":"4301ca190dd62ab551484aca899135f38548df144feb678b3d7db610e68d3ca0"}},"seq":6,"type":"SettingChanged","v":1}', '494019f46c9e56fb77a30ffa612af0b8ec3e3fc259e55f7bf4be955d4c587537', '156b4923d9ea5ba5fca8f2b4c33b36dedb3829222cda2e4463d3cde6315c944f');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('definition complaint v1', 'cb90938553ee770191d0b36eec6172c5', '663bbddd02042ed9448047ebe5a7ea2b2e275ee2aba3c2f68918035ead109d0b');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('definition launch v1', '069f52d42d4a8f8f36e977207b6a0ede', '87fa36a9250db63eb3d3eb929b765bd9c830053ca372d9a3a6990831d3a2ca8d');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('definition supplier v1', 'd3a9fa697467dcc52a58be43496f5ba7', '27bf61dbea9a5e147ca6cd9cee1f65b96635cf49fb4572805f1a6bba64ec8b29');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department customer-service', '951fc3c0b54e327835c244d92ac4f19a', 'fc5f9bf119d3ae10fc769106075d93e08e7a1c82c86774cbde9230c8645a6cd0');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department finance', '32aa07d4d03c995d9153cdd199d2479c', 'a6fc16028eb1653bb23f8d5573c22f922abe8466e34116d53a0efccae6ed53d0');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department management', 'c192e3a66bf9ad8cf93638b9579b0e57', '4544fcabd6795e5bc7c64b29f6516d1b2e70cfcba28c32486e7b4ec6277f0255');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department marketing', '6e2034591a742232e46d57567de7aac3', '3d690f036e74654d9dd0d204c3708de777008819b3dd6645a220798e8702a354');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department purchasing', '05395485059f2703af741d2adcb14b76', '34dab8cd97882d9815ebab01790b9d4159565bd0edbd7d9bef89ef99b223f9e6');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department quality', '9458e758b47d994d2b0b0e743b6c1394', '52f8df06adfe083e78595c7872c94ca88d1aa0fed4584458d24a2ea87d220731');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department rnd', '3e3896fa8d9e7717bb0e3675b8b215ee', '6f80b31cb6e1d0eca77aaf5e24dc346767a04b62bd6a5a76751947604c520ccc');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('department sales', 'cc0060f5fe018ddce2afbb25b8d3b204', '99ba7f9aac85d2bcd0d4c2644b62d3f2288df154a887585ce27acf9fcab875c5');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000001', '336680ba23f912788fa199b510066f97', '5c34d30282e2e9d6d60cfd428f50bf41283d9f421f3de9dd736f6287be53a4e6');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000002', '4afebf8b5523553d8f18e4ee3a10fb73', '2ee09e2c0c9fa3e06ae5d9dfc4b276761c5e10c576d5d42e307a3c5891a0bfaa');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000003', '4e62d02504516e24beacc2b15373ff78', '203ebc984b3a3b080d2ebffb5ef5687854d14e6cec847a8ef8c230ac67cb4fd9');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000004', '54063ccc596bb8c0e0fa67d3d2f411cf', 'd01238a3b4a7b13fee73f869310d3b4e8633f83ff5a2a9905ea5241059f33743');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000005', 'f919481de5fffa2adf465bc864bb74e7', 'babf92d9ba982b7e368ed781bd92bc05c99532d388b65af3465623a7236f8a22');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000006', 'be2147ec1032a4e72d73fc4490071494', 'e44813c8d9cdcc8e65f565dabbd5a3f0e8961ae504249905c1d6060a985d3556');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000007', 'e61e0174a5a13efd74c1cd6a5fa750c5', 'be958f792e8814a1407906347b7ed8f9d3b36dd4a484189aa31a3c2238d61507');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000008', '86a7ee7081279ced982ce9b03905c470', '1f7f392d58d180197c2dccabd1a551ecf9303befaeab08e56c3e418784f78460');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000009', '942b9771e4a68a4aa1a1d45891ca9661', '903a34e53510ad24d790383c9a000f794b7044ec99ec755185e60d508485e292');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000010', '5e261d14e8e0534cfc537d65f21742e8', '510353c2c25fa7ee9e5db9bff21723493715bd74770c325567043bf63adb8991');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000011', '6532b6fa89dcffa1f60366f70002003c', 'cfd05059e8fc13130f16541fa7ca92e8ae41854ec090463237e097f94e1b773c');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000012', '60496c1f5adafa84a28a4646264cc9c1', 'e10f64c7a2d21bd205e20bc52f227be5f83c9b411e2b4b1f352c78796037f235');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000013', '2b0084b1a27883f50d7aeacd2189e6c9', 'bcdfca22e05a2686c447091258057018b47644792cc3ba535e0427dc501b9dff');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000014', 'e08c5f85cc21e3f9a65173287e71869e', '59973c83878c6dd2f7fe02c9efa83bf2e760284d3f290d141a79eac6598efe0a');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000015', '4e5e44c4bde8448d7b91438c3e77c296', '80f309b7238275e54fee4a77cabc1e19f728ef70358988254c5c732918540a41');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000016', '3f146ef01facbc3070fb9a118e37312c', 'b3914408e8e67d06cf4185eda501cf09e7d3eafa2e1ac446ecd4a3cfc6e6be53');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000017', 'b468fc0f80ebd0533f8fc2fb831eefb4', 'fc2b279b5d1d719d00b1d3310a2c873dac34a22184afd3dc6c9c4cd55eac1c3c');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000018', 'd3d5e3df699bde8e29e30d78d7dbeed3', 'c14b11394a7a1f202958f89b7f173bc293e373c5f882af64981cfb64b542834a');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000019', '53e9d284e11f4123bff7f9cc2d576da5', '9e3e72831ad5a90ee4805921fbf66422c66c217002c607d9899a94762220bf73');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000020', '6e9e74d6ba0656e68f8b7261eddac1fc', '8041324a6bb5c81cbff60859cd324febb6828e38b74d06c97920bbab56516c7b');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('person p_000021', '44ad4129ad42cb4153d97151b5ae549d', 'dda40fb18d8e58951d94919205126b00605f22c2e5c386ea1fdc3bc3f838d11d');
INSERT INTO directory_rows ("name", "salt", "digest") VALUES ('setting kind', '3694931cb7655b34c03e4ec1be839c6c', '4301ca190dd62ab551484aca899135f38548df144feb678b3d7db610e68d3ca0');
INSERT INTO drafts ("person", "form", "values", "place", "via", "sent", "at") VALUES ('p_000005', 'start|||complaint', '{"customer":"\u8fdc\u65b9\u8d38\u6613","evidence":[]}', '{"at":"telegram","chat":7,"message":9,"seen":[3],"step":"1"}', 'telegram', FALSE, 1772413200000000);
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 1, 'CaseStarted', 'p_000014', 1783476000000000, '{"actor":"p_000014","at":1783476000000000,"body":{"case":"L-2026-0001","content":{"digest":"2:bbc93579f9f9e6a83c590c5d99ea09d4abedde9011fe757971da28e21b186492","id":"k_001019"},"definition":"f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d","filer":"p_000014","process":"launch"},"case":"L-2026-0001","on_behalf_of":null,"seq":1,"type":"CaseStarted","v":1,"via":"playground"}', 'd1673f325e96187f4d628d6d0c9c80a3e49bd95c8a6eb285580a825a08e59ce4', 'de2330ce4d0ac3da2b6bde3d0951cd7bf7f77546d01d53024c04ef4071a30db4');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 2, 'FactNoted', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"fact":"amount","number":18000000,"subject":"","tables":[["rate",0]]},"case":"L-2026-0001","on_behalf_of":null,"seq":2,"type":"FactNoted","v":1,"via":"rule"}', 'de2330ce4d0ac3da2b6bde3d0951cd7bf7f77546d01d53024c04ef4071a30db4', '33a0cc44596cb2e21d8993f760cb93aef050fdd439cfc0adef6adae0d65b1e71');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 3, 'NodeEntered', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"node":"rnd_review","round":1},"case":"L-2026-0001","on_behalf_of":null,"seq":3,"type":"NodeEntered","v":1,"via":"rule"}', '33a0cc44596cb2e21d8993f760cb93aef050fdd439cfc0adef6adae0d65b1e71', '90cda2f55d1b4da1a3f62b61930e5e9d52f1b14410fbe19127742d01c4b2e48a');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 4, 'TaskOpened', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"assignee":"p_000013","candidates":[],"channel":"","fallback":"","node":"rnd_review","passed_over":[],"round":1,"task":"t1"},"case":"L-2026-0001","on_behalf_of":null,"seq":4,"type":"TaskOpened","v":1,"via":"rule"}', '90cda2f55d1b4da1a3f62b61930e5e9d52f1b14410fbe19127742d01c4b2e48a', 'a109aa7f35272a70e653c093e68423bef17ef9ca5cf6414c314d8840c17b67a9');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 5, 'ClockPlanned', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"clock":"task:t1","due_at":1783936800000000,"ladder":"review","limit":"3wd","provisional":false,"rungs":[{"at":1783647000000000,"id":"0"},{"at":1783936800000000,"id":"1"},{"at":1784010600000000,"id":"2"},{"at":1784023200000000,"charges":true,"id":"3"},{"at":1784109600000000,"id":"4"},{"at":1784196000000000,"id":"5"}],"started_at":1783476000000000,"why":"started"},"case":"L-2026-0001","on_behalf_of":null,"seq":5,"type":"ClockPlanned","v":1,"via":"rule"}', 'a109aa7f35272a70e653c093e68423bef17ef9ca5cf6414c314d8840c17b67a9', 'df55d1e6d6035cece116ce07e1053ca48ad0121ea647cb7dfc219133298e50c8');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 6, 'TaskCompleted', 'p_000013', 1783476000000000, '{"actor":"p_000013","at":1783476000000000,"body":{"changed":["opinion"],"content":{"digest":"2:3e79c37974c78fe23ad4c28300c1aa85657dc73521439164b33289f8f28d848a","id":"k_001021"},"outcome":"approve","task":"t1"},"case":"L-2026-0001","on_behalf_of":null,"seq":6,"type":"TaskCompleted","v":1,"via":"playground"}', 'df55d1e6d6035cece116ce07e1053ca48ad0121ea647cb7dfc219133298e50c8', 'bd13441f8b15cbdc5c29682588a44c123f602adbb9b848a250cd09fcd7f1abfa');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 7, 'ClockStopped', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"clock":"task:t1","why":"done"},"case":"L-2026-0001","on_behalf_of":null,"seq":7,"type":"ClockStopped","v":1,"via":"rule"}', 'bd13441f8b15cbdc5c29682588a44c123f602adbb9b848a250cd09fcd7f1abfa', '8fbf56e830ed554fbfaa2f5f81f3c90a831ef06a12241a3b9a135bab13fac5df');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 8, 'RouteTaken', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"because":"outcome","node":"rnd_review","passed_over":[],"people":[],"route":null,"to":"market_assessment"},"case":"L-2026-0001","on_behalf_of":null,"seq":8,"type":"RouteTaken","v":1,"via":"rule"}', '8fbf56e830ed554fbfaa2f5f81f3c90a831ef06a12241a3b9a135bab13fac5df', '3cc84701c6c4693b0fae1348a1071480bcaf681b5cb0c484ee390087e54c6f56');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 9, 'NodeEntered', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"node":"market_assessment","round":1},"case":"L-2026-0001","on_behalf_of":null,"seq":9,"type":"NodeEntered","v":1,"via":"rule"}', '3cc84701c6c4693b0fae1348a1071480bcaf681b5cb0c484ee390087e54c6f56', '4658ecc039a058d44959ac1dace7ede4c936dc003cd88f93f2987f26bce4d35b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 10, 'TaskOpened', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"assignee":"p_000016","candidates":[],"channel":"","fallback":"","node":"market_assessment","passed_over":[],"round":1,"task":"t2"},"case":"L-2026-0001","on_behalf_of":null,"seq":10,"type":"TaskOpened","v":1,"via":"rule"}', '4658ecc039a058d44959ac1dace7ede4c936dc003cd88f93f2987f26bce4d35b', '1ffd6a8d767dd5c744b3e9f1ac853b2c367f395f83e1ca898611f4da07ce4e49');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('L-2026-0001', 11, 'ClockPlanned', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"clock":"task:t2","due_at":1783936800000000,"ladder":"review","limit":"3wd","provisional":false,"rungs":[{"at":1783647000000000,"id":"0"},{"at":1783936800000000,"id":"1"},{"at":1784010600000000,"id":"2"},{"at":1784023200000000,"charges":true,"id":"3"},{"at":1784109600000000,"id":"4"},{"at":1784196000000000,"id":"5"}],"started_at":1783476000000000,"why":"started"},"case":"L-2026-0001","on_behalf_of":null,"seq":11,"type":"ClockPlanned","v":1,"via":"rule"}', '1ffd6a8d767dd5c744b3e9f1ac853b2c367f395f83e1ca898611f4da07ce4e49', 'e3324b71064380b0190bec979f47ce9dea994aa442a8a411a014c23920166e3d');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 1, 'CaseStarted', 'p_000019', 1772413200000000, '{"actor":"p_000019","at":1772413200000000,"body":{"case":"S-2026-0001","content":{"digest":"2:f159165a1fb25dcc5f014a36523166bf0f820824ce969cad7d4320b82200881a","id":"k_001005"},"definition":"04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786","filer":"p_000019","process":"supplier"},"case":"S-2026-0001","on_behalf_of":null,"seq":1,"type":"CaseStarted","v":1,"via":"playground"}', 'b3c7569d88646c3bc2923f54e18d630e67bd4c0cd788091b3908f1f43a4b47de', 'c2d4290ef2f1112adcc963e1952e76bb2265f1d9f397a390ad9d737f66128cde');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 2, 'ResultNoted', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"fact":"standing","option":"applicant"},"case":"S-2026-0001","on_behalf_of":null,"seq":2,"type":"ResultNoted","v":1,"via":"rule"}', 'c2d4290ef2f1112adcc963e1952e76bb2265f1d9f397a390ad9d737f66128cde', '14840b3863714c7200262315fe132b8625a27a5e8aae938400c68fe3e2dfa8e7');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 3, 'ResultNoted', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"fact":"contract_state","option":"none"},"case":"S-2026-0001","on_behalf_of":null,"seq":3,"type":"ResultNoted","v":1,"via":"rule"}', '14840b3863714c7200262315fe132b8625a27a5e8aae938400c68fe3e2dfa8e7', '0c161c541dbc0493367363b737fc5cd1e5f175159a53c8f8d18219e3b86754bc');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 4, 'NodeEntered', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"certificate_check","round":1},"case":"S-2026-0001","on_behalf_of":null,"seq":4,"type":"NodeEntered","v":1,"via":"rule"}', '0c161c541dbc0493367363b737fc5cd1e5f175159a53c8f8d18219e3b86754bc', '03f28676b027842619376dfdfd525926b4d1c01453d516b09b6d5df074cebb9c');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 5, 'TaskOpened', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"assignee":"p_000021","candidates":[],"channel":"","fallback":"","node":"certificate_check","passed_over":[],"round":1,"task":"t1"},"case":"S-2026-0001","on_behalf_of":null,"seq":5,"type":"TaskOpened","v":1,"via":"rule"}', '03f28676b027842619376dfdfd525926b4d1c01453d516b09b6d5df074cebb9c', 'e93b5104281660a815d7a48f3839fc37d291953db87d680ee165934a73ac6a9d');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 6, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t1","due_at":1773050400000000,"ladder":"step","limit":"5wd","provisional":false,"rungs":[{"at":1772618400000000,"id":"0"},{"at":1773050400000000,"id":"1"},{"at":1773136800000000,"id":"1.1"},{"at":1773223200000000,"id":"2"},{"at":1773396000000000,"id":"3"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":6,"type":"ClockPlanned","v":1,"via":"rule"}', 'e93b5104281660a815d7a48f3839fc37d291953db87d680ee165934a73ac6a9d', '19a7d75c8e15d2c8280a7949568f2abc3a0ecbf036e22ea789da1cea97e21d69');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 7, 'SubjectsListed', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"subjects":["license","iso9001","safety"],"task":"t1"},"case":"S-2026-0001","on_behalf_of":null,"seq":7,"type":"SubjectsListed","v":1,"via":"rule"}', '19a7d75c8e15d2c8280a7949568f2abc3a0ecbf036e22ea789da1cea97e21d69', '70db02ce44c0839b7745aa7c5dc5ab1ce2c0c72e5010740a62376b2b33eb6fcc');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 8, 'SubjectsJudged', 'p_000021', 1772413200000000, '{"actor":"p_000021","at":1772413200000000,"body":{"outcome":"approve","subjects":["license","iso9001","safety"],"task":"t1"},"case":"S-2026-0001","on_behalf_of":null,"seq":8,"type":"SubjectsJudged","v":1,"via":"playground"}', '70db02ce44c0839b7745aa7c5dc5ab1ce2c0c72e5010740a62376b2b33eb6fcc', '2f4eb49541860040a0ec2d996a346f7ebf16c935b0c18bdf20849cd4d76c52fe');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 9, 'TaskCompleted', 'p_000021', 1772413200000000, '{"actor":"p_000021","at":1772413200000000,"body":{"content":null,"outcome":"approve","task":"t1"},"case":"S-2026-0001","on_behalf_of":null,"seq":9,"type":"TaskCompleted","v":1,"via":"playground"}', '2f4eb49541860040a0ec2d996a346f7ebf16c935b0c18bdf20849cd4d76c52fe', '6368ee83e47bd62bae16e1e4cd98cfe256150e3c5eff581bb562d1ac62b15b56');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 10, 'ClockStopped', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t1","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":10,"type":"ClockStopped","v":1,"via":"rule"}', '6368ee83e47bd62bae16e1e4cd98cfe256150e3c5eff581bb562d1ac62b15b56', 'eb7a64bb43c4b7019db66171e06b866ae2ceae31f30ddefe2866c4d3c904760c');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 11, 'RouteTaken', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"because":"outcome","node":"certificate_check","passed_over":[],"people":[],"route":null,"to":"admission"},"case":"S-2026-0001","on_behalf_of":null,"seq":11,"type":"RouteTaken","v":1,"via":"rule"}', 'eb7a64bb43c4b7019db66171e06b866ae2ceae31f30ddefe2866c4d3c904760c', '18a561b686927930dda61069a56803c57cb56a7d70d5e73850194aa32ec53293');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 12, 'NodeEntered', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"admission","round":1},"case":"S-2026-0001","on_behalf_of":null,"seq":12,"type":"NodeEntered","v":1,"via":"rule"}', '18a561b686927930dda61069a56803c57cb56a7d70d5e73850194aa32ec53293', '7bd10c45afd0233f8cdf4d2f98baa822f6ffa3b8422fdf0595c40430eabf193b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 13, 'BallotOpened', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"admission","passed_over":[],"round":1,"seats":[{"assignee":"p_000018","candidates":[],"task":"t2","weight":1},{"assignee":"p_000020","candidates":[],"task":"t3","weight":1}]},"case":"S-2026-0001","on_behalf_of":null,"seq":13,"type":"BallotOpened","v":1,"via":"rule"}', '7bd10c45afd0233f8cdf4d2f98baa822f6ffa3b8422fdf0595c40430eabf193b', '59c3f9b1a36c4e95c5a151eee9c46c157d83ba23d5146ff41cf032ab655c0b57');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 14, 'TaskOpened', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"assignee":"p_000018","candidates":[],"channel":"","fallback":"","node":"admission","passed_over":[],"round":1,"task":"t2"},"case":"S-2026-0001","on_behalf_of":null,"seq":14,"type":"TaskOpened","v":1,"via":"rule"}', '59c3f9b1a36c4e95c5a151eee9c46c157d83ba23d5146ff41cf032ab655c0b57', 'd58e25e6e56c7531ac5b109aceec312145e4c6732044f79858ba97f00c1d4667');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 15, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t2","due_at":1772704800000000,"ladder":"step","limit":"3wd","provisional":false,"rungs":[{"at":1772532000000000,"id":"0"},{"at":1772704800000000,"id":"1"},{"at":1772791200000000,"id":"1.1"},{"at":1773050400000000,"id":"2"},{"at":1773223200000000,"id":"3"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":15,"type":"ClockPlanned","v":1,"via":"rule"}', 'd58e25e6e56c7531ac5b109aceec312145e4c6732044f79858ba97f00c1d4667', '43b0fb11595c51c39c7ece395f5d6c4b47b08f1be5305a68081049689ca19e6b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 16, 'TaskOpened', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"assignee":"p_000020","candidates":[],"channel":"","fallback":"","node":"admission","passed_over":[],"round":1,"task":"t3"},"case":"S-2026-0001","on_behalf_of":null,"seq":16,"type":"TaskOpened","v":1,"via":"rule"}', '43b0fb11595c51c39c7ece395f5d6c4b47b08f1be5305a68081049689ca19e6b', '6b1226fd33d0dcbe4d151816faa0d96dee8f98ca4d72875ea2e4d2dd17751327');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 17, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t3","due_at":1772704800000000,"ladder":"step","limit":"3wd","provisional":false,"rungs":[{"at":1772532000000000,"id":"0"},{"at":1772704800000000,"id":"1"},{"at":1772791200000000,"id":"1.1"},{"at":1773050400000000,"id":"2"},{"at":1773223200000000,"id":"3"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":17,"type":"ClockPlanned","v":1,"via":"rule"}', '6b1226fd33d0dcbe4d151816faa0d96dee8f98ca4d72875ea2e4d2dd17751327', '951c6c8806a80414c4350abe17d2db697ccbdaa6444d4eaa4e47ee91eda7d68b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 18, 'TaskCompleted', 'p_000018', 1772413200000000, '{"actor":"p_000018","at":1772413200000000,"body":{"changed":["opinion"],"content":{"digest":"2:34338427857d042d44c9509203360814c9f285678ac54e7e1f434d5ec30cc5e0","id":"k_001007"},"outcome":"approve","task":"t2"},"case":"S-2026-0001","on_behalf_of":null,"seq":18,"type":"TaskCompleted","v":1,"via":"playground"}', '951c6c8806a80414c4350abe17d2db697ccbdaa6444d4eaa4e47ee91eda7d68b', '278ff1d5717d6e1b7f8f8696553b037f63b9533692cc5321ed12b77ea0ea54c5');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 19, 'ClockStopped', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t2","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":19,"type":"ClockStopped","v":1,"via":"rule"}', '278ff1d5717d6e1b7f8f8696553b037f63b9533692cc5321ed12b77ea0ea54c5', 'c9176e0b4e2a80257de1b6682deec862b6a103bf4a665e5aab34b04ce23ca42f');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 20, 'TaskCompleted', 'p_000020', 1772413200000000, '{"actor":"p_000020","at":1772413200000000,"body":{"content":{"digest":"2:98410ae550896866b7fd4e006a05682975e3b00007a6cc5c7f85a2467ef30814","id":"k_001009"},"outcome":"approve","task":"t3"},"case":"S-2026-0001","on_behalf_of":null,"seq":20,"type":"TaskCompleted","v":1,"via":"playground"}', 'c9176e0b4e2a80257de1b6682deec862b6a103bf4a665e5aab34b04ce23ca42f', 'fe55fc226406dbca96dbb6c410c12543ec1b215928e97bf9f6c3408e8e3bdbdf');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 21, 'ClockStopped', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t3","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":21,"type":"ClockStopped","v":1,"via":"rule"}', 'fe55fc226406dbca96dbb6c410c12543ec1b215928e97bf9f6c3408e8e3bdbdf', '394e17906f91c307de57ca14651a683caf8788811b2be49753ef7060b6071f2b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 22, 'BallotDecided', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"admission","outcome":"approve","rest":[],"visit":"v2"},"case":"S-2026-0001","on_behalf_of":null,"seq":22,"type":"BallotDecided","v":1,"via":"rule"}', '394e17906f91c307de57ca14651a683caf8788811b2be49753ef7060b6071f2b', 'f3b7a27b6c2d6a78052d68a4f715562ac7fa55ddc13582f65343c0e2b811946d');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 23, 'RouteTaken', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"because":"outcome","node":"admission","passed_over":[],"people":[],"route":null,"to":"contract"},"case":"S-2026-0001","on_behalf_of":null,"seq":23,"type":"RouteTaken","v":1,"via":"rule"}', 'f3b7a27b6c2d6a78052d68a4f715562ac7fa55ddc13582f65343c0e2b811946d', '9b776437ec8d1e3aa1705962e161f633a352bbb729c2b424d9b2eb22a7a5eed0');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 24, 'NodeEntered', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"contract","round":1},"case":"S-2026-0001","on_behalf_of":null,"seq":24,"type":"NodeEntered","v":1,"via":"rule"}', '9b776437ec8d1e3aa1705962e161f633a352bbb729c2b424d9b2eb22a7a5eed0', '1fd2ab8cc4491e10c13a252bd19136e5e10760b5e2f5aa7ab506f52d927cdebd');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 25, 'TaskOpened', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"assignee":"p_000019","candidates":[],"channel":"","fallback":"","node":"contract","passed_over":[],"round":1,"task":"t4"},"case":"S-2026-0001","on_behalf_of":null,"seq":25,"type":"TaskOpened","v":1,"via":"rule"}', '1fd2ab8cc4491e10c13a252bd19136e5e10760b5e2f5aa7ab506f52d927cdebd', '5cc90c9e0a76eb6a4682b80b38d747c93d8ccff9b4c742b1fc80199bf8107c80');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 26, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t4","due_at":1773655200000000,"ladder":"step","limit":"10wd","provisional":false,"rungs":[{"at":1773036900000000,"id":"0"},{"at":1773655200000000,"id":"1"},{"at":1773741600000000,"id":"1.1"},{"at":1773828000000000,"id":"2"},{"at":1774000800000000,"id":"3"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":26,"type":"ClockPlanned","v":1,"via":"rule"}', '5cc90c9e0a76eb6a4682b80b38d747c93d8ccff9b4c742b1fc80199bf8107c80', '35918b12d9e6968298be72b609e3e18c35be8978b9f8f9a3a5177413e3ea1694');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 27, 'TaskCompleted', 'p_000019', 1772413200000000, '{"actor":"p_000019","at":1772413200000000,"body":{"changed":["contract_end","contract_file","contract_start"],"content":{"digest":"2:f1343302998fe48b185fbb2addc996fbd0cff4f4794ce448e63f39ef1aa02b3a","id":"k_001012"},"outcome":"complete","task":"t4"},"case":"S-2026-0001","on_behalf_of":null,"seq":27,"type":"TaskCompleted","v":1,"via":"playground"}', '35918b12d9e6968298be72b609e3e18c35be8978b9f8f9a3a5177413e3ea1694', 'b2d2edc66a5a4469fd6facf62206cb45680ccce8254a9777bc3c0f8b476e6c1b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 28, 'ClockStopped', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"task:t4","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":28,"type":"ClockStopped","v":1,"via":"rule"}', 'b2d2edc66a5a4469fd6facf62206cb45680ccce8254a9777bc3c0f8b476e6c1b', '13aa4e0a68351960c4dee699a86763b282bb5d59c6f79242b09243200d1ef1c5');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 29, 'ResultNoted', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"fact":"standing","option":"active","task":"t4"},"case":"S-2026-0001","on_behalf_of":null,"seq":29,"type":"ResultNoted","v":1,"via":"rule"}', '13aa4e0a68351960c4dee699a86763b282bb5d59c6f79242b09243200d1ef1c5', 'bb9e2b585c25fd80df21fde94e430cbdbf6c2e0ac58b414f337fbe241a15e895');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 30, 'ResultNoted', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"fact":"contract_state","option":"valid","task":"t4"},"case":"S-2026-0001","on_behalf_of":null,"seq":30,"type":"ResultNoted","v":1,"via":"rule"}', 'bb9e2b585c25fd80df21fde94e430cbdbf6c2e0ac58b414f337fbe241a15e895', 'b5d0b2f269e3b46825b2937f99ce54a428bde0b154c2a2a2838860955efe953c');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 31, 'NodeEntered', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"active","round":1},"case":"S-2026-0001","on_behalf_of":null,"seq":31,"type":"NodeEntered","v":1,"via":"rule"}', 'b5d0b2f269e3b46825b2937f99ce54a428bde0b154c2a2a2838860955efe953c', 'ebbe921a2d0fbd356004b102d2328729b3a84e418eec76fcfda18f9d334f6c36');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 32, 'RestBegan', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"node":"active","visit":"v4"},"case":"S-2026-0001","on_behalf_of":null,"seq":32,"type":"RestBegan","v":1,"via":"rule"}', 'ebbe921a2d0fbd356004b102d2328729b3a84e418eec76fcfda18f9d334f6c36', '8016d1fae83984d48adb5e3344e5b31634e4b568b38623a56a10912b004b9fba');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 33, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"begin:v4:quarterly","due_at":1783386000000000,"ladder":"","limit":"1d","provisional":false,"rungs":[{"at":1783386000000000,"id":"2026-Q2"}],"started_at":1774972800000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":33,"type":"ClockPlanned","v":1,"via":"rule"}', '8016d1fae83984d48adb5e3344e5b31634e4b568b38623a56a10912b004b9fba', '28b4d7dcec93f95f7f9d55bb4c35ffb2dbaa8cc7e7c23304378c11d5709a92fe');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 34, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"begin:v4:yearly","due_at":1799024400000000,"ladder":"","limit":"1d","provisional":true,"rungs":[{"at":1799024400000000,"id":"2027"}],"started_at":1772380800000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":34,"type":"ClockPlanned","v":1,"via":"rule"}', '28b4d7dcec93f95f7f9d55bb4c35ffb2dbaa8cc7e7c23304378c11d5709a92fe', '9efff320782ea20fbdeda94e4224cba50fab7ebdf6a7caa9c89ac0f28ec5412e');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 35, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"begin:v4:contract_out","due_at":1814403600000000,"ladder":"","limit":"1d","provisional":true,"rungs":[{"at":1814403600000000,"id":"2027-07-01"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":35,"type":"ClockPlanned","v":1,"via":"rule"}', '9efff320782ea20fbdeda94e4224cba50fab7ebdf6a7caa9c89ac0f28ec5412e', '118a6b1f7407280e3ae04fa0b13def2b11c8a728a18517a1fa34e0117f4b627c');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 36, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"begin:v4:certificate_out:iso9001","due_at":1822784400000000,"ladder":"","limit":"1d","provisional":true,"rungs":[{"at":1817600400000000,"id":"0"},{"at":1820192400000000,"id":"1"},{"at":1822179600000000,"id":"2"},{"at":1822784400000000,"id":"3"},{"at":1822784400000000,"id":"2027-10-01"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":36,"type":"ClockPlanned","v":1,"via":"rule"}', '118a6b1f7407280e3ae04fa0b13def2b11c8a728a18517a1fa34e0117f4b627c', '982730ed343f3adee725b24852b37d8ae31f381a5048aaca61bc6a5ce3b36c32');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 37, 'ClockPlanned', 'system', 1772413200000000, '{"actor":"system","at":1772413200000000,"body":{"clock":"begin:v4:certificate_out:safety","due_at":1956618000000000,"ladder":"","limit":"1d","provisional":true,"rungs":[{"at":1951434000000000,"id":"0"},{"at":1954026000000000,"id":"1"},{"at":1956013200000000,"id":"2"},{"at":1956618000000000,"id":"3"},{"at":1956618000000000,"id":"2032-01-01"}],"started_at":1772413200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":37,"type":"ClockPlanned","v":1,"via":"rule"}', '982730ed343f3adee725b24852b37d8ae31f381a5048aaca61bc6a5ce3b36c32', '209f19e690a381bcad3ddb871a56d767ba3081cc87afc570d9e37a4cfbe6004b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 38, 'BranchStarted', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"node":"active","period":"2026-Q2","scope":"v5","start":"quarterly","to":"assess","visit":"v4"},"case":"S-2026-0001","on_behalf_of":null,"seq":38,"type":"BranchStarted","v":1,"via":"timer"}', '209f19e690a381bcad3ddb871a56d767ba3081cc87afc570d9e37a4cfbe6004b', '1bd06455ff67b94970affb745b8a963249309058020dc472e16a37267702c924');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 39, 'ClockPlanned', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"clock":"begin:v4:quarterly","due_at":1791853200000000,"ladder":"","limit":"1d","provisional":false,"rungs":[{"at":1791853200000000,"id":"2026-Q3"}],"started_at":1782835200000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":39,"type":"ClockPlanned","v":1,"via":"timer"}', '1bd06455ff67b94970affb745b8a963249309058020dc472e16a37267702c924', '552faeb7fe04d75c8c4e4c5b070c6663c7269eb79087534309b98d64963a4bda');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 40, 'NodeEntered', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"branch":"assess","node":"assess","round":1,"scope":"v5"},"case":"S-2026-0001","on_behalf_of":null,"seq":40,"type":"NodeEntered","v":1,"via":"timer"}', '552faeb7fe04d75c8c4e4c5b070c6663c7269eb79087534309b98d64963a4bda', '515b1cc044557b89b8025835db45126516773730fbdc58e4f608c25dd8295fdc');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 41, 'BranchesOpened', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"branches":["score_quality","score_purchasing"],"node":"assess","scope":"v6"},"case":"S-2026-0001","on_behalf_of":null,"seq":41,"type":"BranchesOpened","v":1,"via":"timer"}', '515b1cc044557b89b8025835db45126516773730fbdc58e4f608c25dd8295fdc', '7711da165c89f687ebe65f17f9f0d6bd9fbbd9a0fcb1d3d423cf8074d3147069');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 42, 'NodeEntered', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"branch":"score_quality","node":"score_quality","round":1,"scope":"v6"},"case":"S-2026-0001","on_behalf_of":null,"seq":42,"type":"NodeEntered","v":1,"via":"timer"}', '7711da165c89f687ebe65f17f9f0d6bd9fbbd9a0fcb1d3d423cf8074d3147069', 'd7e5c90ebd25cd3ea97da799d7ff3043fd3bd885c4d66d17a5330d26ff100657');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 43, 'TaskOpened', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"assignee":"p_000021","candidates":[],"channel":"","fallback":"","node":"score_quality","passed_over":[],"round":1,"task":"t5"},"case":"S-2026-0001","on_behalf_of":null,"seq":43,"type":"TaskOpened","v":1,"via":"timer"}', 'd7e5c90ebd25cd3ea97da799d7ff3043fd3bd885c4d66d17a5330d26ff100657', '24cdf2f4d12a4170487344aa58035545a4ca68dca5024d7a784f02914de938a6');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 44, 'ClockPlanned', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"clock":"task:t5","due_at":1784628000000000,"ladder":"step","limit":"10wd","provisional":false,"rungs":[{"at":1784009700000000,"id":"0"},{"at":1784628000000000,"id":"1"},{"at":1784714400000000,"id":"1.1"},{"at":1784800800000000,"id":"2"},{"at":1785146400000000,"id":"3"}],"started_at":1783386000000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":44,"type":"ClockPlanned","v":1,"via":"timer"}', '24cdf2f4d12a4170487344aa58035545a4ca68dca5024d7a784f02914de938a6', 'a7fd49319c7b22f5fa2334732a68c1b8e350898b437729233b3462a1e0b2357b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 45, 'NodeEntered', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"branch":"score_purchasing","node":"score_purchasing","round":1,"scope":"v6"},"case":"S-2026-0001","on_behalf_of":null,"seq":45,"type":"NodeEntered","v":1,"via":"timer"}', 'a7fd49319c7b22f5fa2334732a68c1b8e350898b437729233b3462a1e0b2357b', '5e709ad838db2cbcd7ec86536e78b17f6fdc35ec1a29a9b4da208cce04364af4');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 46, 'TaskOpened', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"assignee":"p_000019","candidates":[],"channel":"","fallback":"","node":"score_purchasing","passed_over":[],"round":1,"task":"t6"},"case":"S-2026-0001","on_behalf_of":null,"seq":46,"type":"TaskOpened","v":1,"via":"timer"}', '5e709ad838db2cbcd7ec86536e78b17f6fdc35ec1a29a9b4da208cce04364af4', '790c10b283060caf80261465080adfbe17069647893083d83d688ab8e5a9da96');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 47, 'ClockPlanned', 'system', 1783386000000000, '{"actor":"system","at":1783386000000000,"body":{"clock":"task:t6","due_at":1784628000000000,"ladder":"step","limit":"10wd","provisional":false,"rungs":[{"at":1784009700000000,"id":"0"},{"at":1784628000000000,"id":"1"},{"at":1784714400000000,"id":"1.1"},{"at":1784800800000000,"id":"2"},{"at":1785146400000000,"id":"3"}],"started_at":1783386000000000,"why":"started"},"case":"S-2026-0001","on_behalf_of":null,"seq":47,"type":"ClockPlanned","v":1,"via":"timer"}', '790c10b283060caf80261465080adfbe17069647893083d83d688ab8e5a9da96', 'cb8a98ea667e6c18d5be65fad86c3362f75f653a449b5513a98b0eed86d98eb5');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 48, 'TaskCompleted', 'p_000021', 1783476000000000, '{"actor":"p_000021","at":1783476000000000,"body":{"changed":["quality"],"content":{"digest":"2:a68ae5689167b67186720a828bb08597bb761a41593047a32038324b40f6e624","id":"k_001014"},"outcome":"complete","task":"t5"},"case":"S-2026-0001","on_behalf_of":null,"seq":48,"type":"TaskCompleted","v":1,"via":"playground"}', 'cb8a98ea667e6c18d5be65fad86c3362f75f653a449b5513a98b0eed86d98eb5', '61e424357591b2585e95cf538ff0fea3ac36f18af2f280a30f024d29ddc91862');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 49, 'ClockStopped', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"clock":"task:t5","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":49,"type":"ClockStopped","v":1,"via":"rule"}', '61e424357591b2585e95cf538ff0fea3ac36f18af2f280a30f024d29ddc91862', '4f29450d161b85d2992b7d89c732422fe80c7dd4b186bbef3c216796c91325cb');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 50, 'BranchArrived', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"branch":"score_quality","node":"assess","scope":"v6"},"case":"S-2026-0001","on_behalf_of":null,"seq":50,"type":"BranchArrived","v":1,"via":"rule"}', '4f29450d161b85d2992b7d89c732422fe80c7dd4b186bbef3c216796c91325cb', '32801659d4b90776c475ab0fd751712dd285259e81f7cb26f36c8c11d6e49eb4');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 51, 'TaskCompleted', 'p_000019', 1783476000000000, '{"actor":"p_000019","at":1783476000000000,"body":{"changed":["delivery","price","service"],"content":{"digest":"2:10ec22a57bf4518c8ec5e9d88a23a458a82e84ee22f22e702bdad47d7d4469cc","id":"k_001016"},"outcome":"complete","task":"t6"},"case":"S-2026-0001","on_behalf_of":null,"seq":51,"type":"TaskCompleted","v":1,"via":"playground"}', '32801659d4b90776c475ab0fd751712dd285259e81f7cb26f36c8c11d6e49eb4', '04cf11f7b7d5881ba63465671c780e59cc31f934c2ffd1b3834ee554aa7edde4');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 52, 'ClockStopped', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"clock":"task:t6","why":"done"},"case":"S-2026-0001","on_behalf_of":null,"seq":52,"type":"ClockStopped","v":1,"via":"rule"}', '04cf11f7b7d5881ba63465671c780e59cc31f934c2ffd1b3834ee554aa7edde4', '66f09bf6f0e2cb1cc076a66c67c55d4a5006c8a822ca5709c92b3a5cbc9913e5');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 53, 'BranchArrived', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"branch":"score_purchasing","node":"assess","scope":"v6"},"case":"S-2026-0001","on_behalf_of":null,"seq":53,"type":"BranchArrived","v":1,"via":"rule"}', '66f09bf6f0e2cb1cc076a66c67c55d4a5006c8a822ca5709c92b3a5cbc9913e5', '004e2c72791d0223c5e5772db4f474d41c6b79bfb41587ceb4e0e5c6001a466b');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 54, 'NodeEntered', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"branch":"assess","node":"assessed","round":1,"scope":"v5"},"case":"S-2026-0001","on_behalf_of":null,"seq":54,"type":"NodeEntered","v":1,"via":"rule"}', '004e2c72791d0223c5e5772db4f474d41c6b79bfb41587ceb4e0e5c6001a466b', '28a4b208d4ba4314a389773eb5edf57fdaa8dd9c842dd2f1ed00a60d27e988cc');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 55, 'ResultNoted', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"fact":"quarter.score","number":6500,"period":"2026-Q2","scope":"v5"},"case":"S-2026-0001","on_behalf_of":null,"seq":55,"type":"ResultNoted","v":1,"via":"rule"}', '28a4b208d4ba4314a389773eb5edf57fdaa8dd9c842dd2f1ed00a60d27e988cc', 'ed8fb33ea8e78cf82ba2768d169567227a1127bf0c6482b838eda51f7139da26');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 56, 'ResultNoted', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"fact":"quarter.grade","option":"d","period":"2026-Q2","scope":"v5"},"case":"S-2026-0001","on_behalf_of":null,"seq":56,"type":"ResultNoted","v":1,"via":"rule"}', 'ed8fb33ea8e78cf82ba2768d169567227a1127bf0c6482b838eda51f7139da26', 'a655cf6aff5d43ebe0c1b876b64e86db3f53230a617dad01c12a0bb52d15eea7');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 57, 'ResultNoted', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"fact":"bad_quarters","number":100,"period":"2026-Q2"},"case":"S-2026-0001","on_behalf_of":null,"seq":57,"type":"ResultNoted","v":1,"via":"rule"}', 'a655cf6aff5d43ebe0c1b876b64e86db3f53230a617dad01c12a0bb52d15eea7', '846d862ed53b4759fbebc5fbce52f8479812346dc26939e13ba3de5f7e284934');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 58, 'ResultNoted', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"fact":"year_score","number":6500,"of":1,"period":"2026-Q2"},"case":"S-2026-0001","on_behalf_of":null,"seq":58,"type":"ResultNoted","v":1,"via":"rule"}', '846d862ed53b4759fbebc5fbce52f8479812346dc26939e13ba3de5f7e284934', '8ea59f953b5a202fe8db09b530f5a9d2f8854be532610136e78bc2fed27a039e');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 59, 'CopiedIn', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"content":null,"people":["p_000018","p_000020"]},"case":"S-2026-0001","on_behalf_of":null,"seq":59,"type":"CopiedIn","v":1,"via":"rule"}', '8ea59f953b5a202fe8db09b530f5a9d2f8854be532610136e78bc2fed27a039e', 'ec9ff62343f7f29c9ae34ff57ecd4a5613b2d2cc53f7b03fc62cfbbcfb7b8c32');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 60, 'RouteTaken', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"because":"default","node":"assessed","passed_over":[],"people":[],"route":1,"to":"active"},"case":"S-2026-0001","on_behalf_of":null,"seq":60,"type":"RouteTaken","v":1,"via":"rule"}', 'ec9ff62343f7f29c9ae34ff57ecd4a5613b2d2cc53f7b03fc62cfbbcfb7b8c32', '1bb668f12e7ff9645b45352d6d0774d4206c05718d13c1010fcd40d06f736263');
INSERT INTO events ("case_id", "seq", "type", "actor", "at", "text", "previous", "hash") VALUES ('S-2026-0001', 61, 'BranchEnded', 'system', 1783476000000000, '{"actor":"system","at":1783476000000000,"body":{"node":"active","scope":"v5","target":"assess","visit":"v4"},"case":"S-2026-0001","on_behalf_of":null,"seq":61,"type":"BranchEnded","v":1,"via":"rule"}', '1bb668f12e7ff9645b45352d6d0774d4206c05718d13c1010fcd40d06f736263', '8237ff79b66b203575faf0772b8592ae760ebe34f34f04eab800119d58051f14');
INSERT INTO files ("id", "case_id", "name", "media_type", "size", "sha256", "owner", "at") VALUES ('f_001001', 'S-2026-0001', '营业执照.pdf', 'application/pdf', 77, '68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56', 'p_000019', 1772413200000000);
INSERT INTO files ("id", "case_id", "name", "media_type", "size", "sha256", "owner", "at") VALUES ('f_001002', 'S-2026-0001', 'ISO9001.pdf', 'application/pdf', 77, '68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56', 'p_000019', 1772413200000000);
INSERT INTO files ("id", "case_id", "name", "media_type", "size", "sha256", "owner", "at") VALUES ('f_001003', 'S-2026-0001', '安全许可.pdf', 'application/pdf', 77, '68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56', 'p_000019', 1772413200000000);
INSERT INTO files ("id", "case_id", "name", "media_type", "size", "sha256", "owner", "at") VALUES ('f_001010', 'S-2026-0001', '合同.pdf', 'application/pdf', 77, '68d3dbe223d4659eb030429ecc280a437eb6e9b042a59797cbbd9e16f56c1d56', 'p_000019', 1772413200000000);
INSERT INTO files ("id", "case_id", "name", "media_type", "size", "sha256", "owner", "at") VALUES ('f_001017', 'L-2026-0001', '上市方案.pdf', 'application/pdf', 124, 'b6786e887c09775e752ff005021cc3eb9746b0b02d87b1cbc6e665b226e3e193', 'p_000014', 1783476000000000);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'deng.kai:2', '{"case":"S-2026-0001","text":"\u5df2\u8bb0\u5f55\u3002\u8fd8\u8981\u7b7e\u7f72\uff1a\u6f58\u9510\u3002","tone":"good"}', 1772413200000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'fang.hao:2', '{"case":"L-2026-0001","text":"\u5df2\u63d0\u4ea4\uff0c\u5355\u53f7 L-2026-0001\u3002","tone":"good"}', 1783476000000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'pan.rui:2', '{"case":"S-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u7b7e\u7ea6\u3002","tone":"good"}', 1772413200000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'xie.ting:2', '{"case":"S-2026-0001","text":"\u5df2\u63d0\u4ea4\uff0c\u5355\u53f7 S-2026-0001\u3002","tone":"good"}', 1772413200000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'xie.ting:4', '{"case":"S-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u5408\u4f5c\u671f\u3002","tone":"good"}', 1772413200000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'xie.ting:6', '{"case":"S-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u8003\u6838\u7ed3\u679c\u3002","tone":"good"}', 1783476000000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'xu.ning:2', '{"case":"L-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u5e02\u573a\u8bc4\u4f30\u3002","tone":"good"}', 1783476000000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'yu.jia:1', '{"case":"S-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u51c6\u5165\u5ba1\u6279\u3002","tone":"good"}', 1772413200000000, NULL, NULL);
INSERT INTO inbox ("source", "key", "answer", "at", "person", "owed_at") VALUES ('playground', 'yu.jia:3', '{"case":"S-2026-0001","text":"\u5df2\u5b8c\u6210\uff0c\u4e0b\u4e00\u6b65\uff1a\u4ea4\u4ed8\u3001\u4ef7\u683c\u3001\u670d\u52a1\u8bc4\u5206\u3002","tone":"good"}', 1783476000000000, NULL, NULL);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('L-2026-0001', 'amount', 'launch', '', 18000000);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'bad_quarters', 'supplier', '', 100);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'contract_state', 'supplier', 'valid', 0);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'quarter.grade', 'supplier', 'd', 0);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'quarter.score', 'supplier', '', 6500);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'standing', 'supplier', 'active', 0);
INSERT INTO latest_facts ("case_id", "name", "process", "option", "number") VALUES ('S-2026-0001', 'year_score', 'supplier', '', 6500);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('L-2026-0001', 'p_000013', 'task:t1', 'fake', 'task', 't1', '{}', 'm_05bd76051042078009f8f2ef76717469', 'ce5e7437359343078f312adef7aa84254ac0674217ba5f7a28c3183fc8023b55', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('L-2026-0001', 'p_000014', 'case', 'fake', 'case', NULL, '{}', 'm_b652dc254f98a7f94bfdf3ec41b4a568', 'c14eb93d0ea257a06f66c4efe7c2c4a76e6e8b45fcebff893062ffaf879f14ce', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('L-2026-0001', 'p_000016', 'task:t2', 'fake', 'task', 't2', '{}', 'm_1c88dfaa1c3de904cc3c24d3d5e7f4a4', '8e1cc18c933bc30f0b50002e35e8450922aca21b611dbe299113eb1ca21c91d9', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000018', 'copy', 'fake', 'copied', NULL, '{"seq":"59"}', 'm_5cce7e877bc57039b353ab641ff77ddb', 'cd8f2f1a6f33c263e9a3a191ca921ebff09ff9a83bed53c1b35d55eecb76ccd1', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000018', 'task:t2', 'fake', 'task', 't2', '{}', 'm_6e4d0aba8c7c4a078f154d701e9e8d6b', '0a2d07c62969c13cd09e2efb80ad814a93cbbbc874c5b991b2a9d0bbc064b372', 1, 1772413200000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000019', 'case', 'fake', 'case', NULL, '{}', 'm_dc7d7f2b8a74c3faf7097276a7508d14', '58e985183d393eae2f425aab1a5e77cd28a9a1ae7879c654e650523eb7617f75', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000019', 'task:t4', 'fake', 'task', 't4', '{}', 'm_b2170d8b75182bbd120f2c06c385ca15', '2f52a587e6cd0e730de54ac191cfdb5cc7a0cc18e93fe19da8b0609ff3c437f4', 1, 1772413200000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000019', 'task:t6', 'fake', 'task', 't6', '{}', 'm_f828e34887e3fb1052903c0b7363640b', '517e0c6a42b06451da1ec88b7a846cf66f78dfea9e80ec05fe27e32cfa1cf21c', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000020', 'copy', 'fake', 'copied', NULL, '{"seq":"59"}', 'm_f5fad712abf6a05c1f1d93f77b4bfe13', 'cd8f2f1a6f33c263e9a3a191ca921ebff09ff9a83bed53c1b35d55eecb76ccd1', 1, 1783476000000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000020', 'task:t3', 'fake', 'task', 't3', '{}', 'm_e4b764fc7585640b50f23a0a311d787d', '8e69ed08f56ecbc022fe6123e2e9ca2ac60b5e9ce454a6533fcc09f899a478b9', 1, 1772413200000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000021', 'task:t1', 'fake', 'task', 't1', '{}', 'm_4c8c2800eaa906991c95689808a79f69', 'ba4ec2437ee7e14a12e5ec135c64e5bbcb2386af970520c646fadab9a963a332', 1, 1772413200000000);
INSERT INTO messages ("case_id", "person", "slot", "platform", "kind", "task", "args", "ref", "content_hash", "revision", "sent_at") VALUES ('S-2026-0001', 'p_000021', 'task:t5', 'fake', 'task', 't5', '{}', 'm_55c983902402b7a8e4531d8f6cb324af', 'bb7c383cb88d5464d2f7a61118c4e37be725f1b0079b4e88cb9a1f8b90d32d92', 1, 1783476000000000);
INSERT INTO participants ("case_id", "person") VALUES ('L-2026-0001', 'p_000013');
INSERT INTO participants ("case_id", "person") VALUES ('L-2026-0001', 'p_000014');
INSERT INTO participants ("case_id", "person") VALUES ('L-2026-0001', 'p_000016');
INSERT INTO participants ("case_id", "person") VALUES ('S-2026-0001', 'p_000018');
INSERT INTO participants ("case_id", "person") VALUES ('S-2026-0001', 'p_000019');
INSERT INTO participants ("case_id", "person") VALUES ('S-2026-0001', 'p_000020');
INSERT INTO participants ("case_id", "person") VALUES ('S-2026-0001', 'p_000021');
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000001', 'lin.wei', '林薇', 'Lin Wei', '总经理', 'General manager', 'lin.wei@example.com', 'management', '', '["executive"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000002', 'gao.feng', '高峰', 'Gao Feng', '副总经理', 'Deputy general manager', 'gao.feng@example.com', 'management', 'p_000001', '["executive"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000003', 'chen.jing', '陈静', 'Chen Jing', '客服经理', 'Customer service manager', 'chen.jing@example.com', 'customer-service', 'p_000001', '["complaint-manager","complaint-desk"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000004', 'zhao.lei', '赵磊', 'Zhao Lei', '客服组长', 'Team leader, customer service', 'zhao.lei@example.com', 'customer-service', 'p_000003', '[]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000005', 'wang.fang', '王芳', 'Wang Fang', '客服专员', 'Customer service agent', 'wang.fang@example.com', 'customer-service', 'p_000003', '["complaint-handler"]', 'zh', 'Asia/Shanghai', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000006', 'li.qiang', '李强', 'Li Qiang', '客服专员', 'Customer service agent', 'li.qiang@example.com', 'customer-service', 'p_000004', '["complaint-handler"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000007', 'liu.yang', '刘洋', 'Liu Yang', '投诉受理员', 'Complaint desk', 'liu.yang@example.com', 'customer-service', 'p_000003', '["complaint-desk"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000008', 'ma.chao', '马超', 'Ma Chao', '销售总监', 'Sales director', 'ma.chao@example.com', 'sales', 'p_000001', '[]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000009', 'he.jun', '何军', 'He Jun', '销售主管', 'Sales lead', 'he.jun@example.com', 'sales', 'p_000008', '[]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000010', 'sun.yue', '孙悦', 'Sun Yue', '销售代表', 'Sales representative', 'sun.yue@example.com', 'sales', 'p_000009', '["complaint-handler"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000011', 'zhou.min', '周敏', 'Zhou Min', '销售代表', 'Sales representative', 'zhou.min@example.com', 'sales', 'p_000009', '["complaint-handler"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000012', 'emma.clark', 'Emma Clark', 'Emma Clark', '大客户经理', 'Key account manager', 'emma.clark@example.com', 'sales', 'p_000009', '[]', 'en', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000013', 'xu.ning', '徐宁', 'Xu Ning', '研发总监', 'R&D director', 'xu.ning@example.com', 'rnd', 'p_000001', '["rnd-reviewer"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000014', 'fang.hao', '方浩', 'Fang Hao', '产品工程师', 'Product engineer', 'fang.hao@example.com', 'rnd', 'p_000013', '[]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000015', 'tang.yi', '唐怡', 'Tang Yi', '产品总监', 'Product director', 'tang.yi@example.com', 'marketing', 'p_000001', '["product-director"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000016', 'guo.xin', '郭欣', 'Guo Xin', '市场分析师', 'Market analyst', 'guo.xin@example.com', 'marketing', 'p_000015', '["market-reviewer"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000017', 'qian.li', '钱丽', 'Qian Li', '财务经理', 'Finance manager', 'qian.li@example.com', 'finance', 'p_000001', '["finance-manager"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000018', 'deng.kai', '邓凯', 'Deng Kai', '采购主管', 'Purchasing supervisor', 'deng.kai@example.com', 'purchasing', 'p_000002', '["purchasing-supervisor"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000019', 'xie.ting', '谢婷', 'Xie Ting', '采购员', 'Buyer', 'xie.ting@example.com', 'purchasing', 'p_000018', '["buyer"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000020', 'pan.rui', '潘锐', 'Pan Rui', '质量经理', 'Quality manager', 'pan.rui@example.com', 'quality', 'p_000002', '["quality-manager"]', '', '', TRUE);
INSERT INTO people ("key", "id", "name", "name_en", "title", "title_en", "email", "department", "manager", "roles", "language", "timezone", "active") VALUES ('p_000021', 'yu.jia', '余佳', 'Yu Jia', '质量检验员', 'Quality inspector', 'yu.jia@example.com', 'quality', 'p_000020', '["quality-inspector"]', '', '', TRUE);
INSERT INTO settings ("name", "value") VALUES ('directory_changes', '1');
INSERT INTO settings ("name", "value") VALUES ('kind', 'production');
INSERT INTO settings ("name", "value") VALUES ('leavers.seen', '[]');
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('L-2026-0001', 't1', 'p_000013', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('L-2026-0001', 't2', 'p_000016', 'owner', TRUE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't1', 'p_000021', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't2', 'p_000018', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't3', 'p_000020', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't4', 'p_000019', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't5', 'p_000021', '', FALSE, TRUE);
INSERT INTO task_people ("case_id", "task", "person", "role", "active", "given") VALUES ('S-2026-0001', 't6', 'p_000019', '', FALSE, TRUE);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('L-2026-0001', 't1', 'launch', 'f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d', 'rnd_review', 'done', TRUE, '["p_000013"]', 1783476000000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('L-2026-0001', 't2', 'launch', 'f136d7bf6b4978f109daadb53fbfe33d5bad52bce079fd5ed80632d7a658909d', 'market_assessment', 'open', TRUE, '["p_000016"]', 1783476000000000, 1783936800000000);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't1', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'certificate_check', 'done', TRUE, '["p_000021"]', 1772413200000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't2', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'admission', 'done', TRUE, '["p_000018"]', 1772413200000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't3', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'admission', 'done', TRUE, '["p_000020"]', 1772413200000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't4', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'contract', 'done', TRUE, '["p_000019"]', 1772413200000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't5', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'score_quality', 'done', TRUE, '["p_000021"]', 1783386000000000, NULL);
INSERT INTO tasks ("case_id", "id", "process", "definition", "node", "status", "claimed", "owners", "opened_at", "due_at") VALUES ('S-2026-0001', 't6', 'supplier', '04bec9d75e6f939f1239a3a5fe943b74767a2b97ffa5e598c67cbbb2b1185786', 'score_purchasing', 'done', TRUE, '["p_000019"]', 1783386000000000, NULL);
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('L-2026-0001', 'task:t2', 1783647000000000, 1783647000000000, 0, '');
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('S-2026-0001', 'begin:v4:certificate_out:iso9001', 1817600400000000, 1817600400000000, 0, '');
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('S-2026-0001', 'begin:v4:certificate_out:safety', 1951434000000000, 1951434000000000, 0, '');
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('S-2026-0001', 'begin:v4:contract_out', 1814403600000000, 1814403600000000, 0, '');
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('S-2026-0001', 'begin:v4:quarterly', 1791853200000000, 1791853200000000, 0, '');
INSERT INTO timers ("case_id", "clock", "due_at", "next_at", "attempts", "error") VALUES ('S-2026-0001', 'begin:v4:yearly', 1799024400000000, 1799024400000000, 0, '');
INSERT INTO unique_values ("process", "field", "value", "case_id") VALUES ('supplier', 'credit_code', '91310000ma1k3x0001', 'S-2026-0001');
INSERT INTO alembic_version VALUES ('0015');
