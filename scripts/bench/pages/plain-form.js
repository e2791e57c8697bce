// The form of the facade floor, written by hand.
export function fill(place) {
  place.innerHTML =
    '<form style="display:grid;gap:1rem;inline-size:24rem"><label>Topic <select name="topic"><option>General</option><option>Billing</option></select></label><label>Your email <input name="email" type="email"></label><label>Your name <input name="name"></label><label>Subject <input name="subject"></label><label>Message <textarea name="message" rows="5"></textarea></label><label>Attachments <input type="file" multiple></label><button>Send</button></form>';
}
